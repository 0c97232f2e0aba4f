"""Faults on purpose: several nodes, everything breaks now and then, and a checker counts what clients were promised."""
