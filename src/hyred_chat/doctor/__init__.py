"""What keeps a server from running well, found before it does harm: `hyred-chat doctor`."""

from hyred_chat.doctor.database import Deployment
from hyred_chat.doctor.findings import Finding, Level
from hyred_chat.doctor.service import examine

__all__ = ["Deployment", "Finding", "Level", "examine"]
