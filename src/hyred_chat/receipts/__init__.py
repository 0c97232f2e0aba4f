"""Receipts: how far each member has read and received. Everything else about reading is derived from that."""
