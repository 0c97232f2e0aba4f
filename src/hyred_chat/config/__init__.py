"""Every setting, read from the environment once at start. `docs/configuration.md` is generated from this package.

A setting's variable is `HYRED_` and the field's name in upper case. Host and port are also read from `HOST` and
`PORT`, which hosting platforms set. Bounds are part of the fields, so that a wrong value is refused at start and not
found out in use.

Each subject has a class of its own, with its fields and with what they have to agree on; `settings.py` puts them
together.
"""

from hyred_chat.config.loading import load_settings, unknown_variables
from hyred_chat.config.settings import Settings
from hyred_chat.config.variables import ConfigurationError, variable_of

__all__ = ["ConfigurationError", "Settings", "load_settings", "unknown_variables", "variable_of"]
