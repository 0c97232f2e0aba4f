"""People and rooms to try things with: a small demo world, and pairs by the thousand for load tests."""

from hyred_chat.demo.pairs import PairRecord, seed_pairs
from hyred_chat.demo.people import DemoPerson, demo_people
from hyred_chat.demo.world import address_demo_pictures, seed_demo_world

__all__ = ["DemoPerson", "PairRecord", "address_demo_pictures", "demo_people", "seed_demo_world", "seed_pairs"]
