"""Local servers that stand for the providers of pushes: they speak their protocols and check what they get."""
