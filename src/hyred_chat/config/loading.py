"""Reading the settings from the environment, and one line for what is wrong with them."""

import difflib
import os

from pydantic import ValidationError

from hyred_chat.config.settings import Settings
from hyred_chat.config.values import expected_value
from hyred_chat.config.variables import PREFIX, ConfigurationError, variable_of


def load_settings() -> Settings:
    """The settings of this process's environment.

    Raises:
        ConfigurationError: for the first one that is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise _one_line(error) from None


def _one_line(error: ValidationError) -> ConfigurationError:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]).lower()  # HOST and PORT are located by their variables
    if first["type"] == "value_error":
        return ConfigurationError(variable_of(name), str(first["ctx"]["error"]))
    return ConfigurationError(variable_of(name), f"must be {expected_value(Settings.model_fields[name])}.")


def unknown_variables() -> list[str]:
    """A sentence for each `HYRED_…` variable of the environment that no setting reads: most often a misspelt one."""
    known = {variable_of(name) for name in Settings.model_fields} | {f"{PREFIX}HOST", f"{PREFIX}PORT"}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name.upper() not in known)
    return [_describe_unknown(name, known) for name in unknown]


def _describe_unknown(variable: str, known: set[str]) -> str:
    names = [name.removeprefix(PREFIX) for name in known]
    close = difflib.get_close_matches(variable.removeprefix(PREFIX), names, n=1)
    hint = f" Is {PREFIX}{close[0]} meant?" if close else ""
    return f"{variable}: no such setting.{hint}"
