"""How a user is named and shown, as SQL: one rule for every statement that returns people."""

# The VA profile's name, else the company's, else the part of the e-mail address before the @.
PERSON_NAME = "coalesce(profile.name, company.name, split_part(person.email, '@', 1))"

PERSON_COLUMNS = f"""
    person.id AS person_id,
    person.role AS person_role,
    {PERSON_NAME} AS person_name,
    coalesce(profile.avatar_url, company.logo_url) AS person_avatar
"""

# What the host tells of them besides.
PROFILE_COLUMNS = "person.headline, person.time_zone, person.working_hours"

PERSON_JOINS = """
    LEFT JOIN va_profiles profile ON profile.user_id = person.id
    LEFT JOIN companies company ON company.user_id = person.id
"""

# People by their ids ($1).
LIST_PEOPLE = f"SELECT {PERSON_COLUMNS} FROM users person {PERSON_JOINS} WHERE person.id = ANY($1::text[])"  # noqa: S608  # of constants

# Who was erased. It is the part before the @ of an address that nobody has, and so their name.
ERASED_NAME = "Deleted user"
