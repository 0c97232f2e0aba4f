"""What the people of the demo world have said to one another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A room and what was said in it.

    Attributes:
        members: keys of demo people, the one who opened the room first.
        last_said: how long ago the last line was said.
        lines: who, how many minutes after the line before, what.
        unread: how many of the last lines somebody has not read; everybody else has read everything.
    """

    type: Literal["direct", "support", "group"] = "direct"
    title: str | None = None
    avatar: str | None = None
    members: tuple[str, ...]
    last_said: timedelta
    lines: tuple[tuple[str, int, str], ...]
    unread: Mapping[str, int] = field(default_factory=dict)


TRIAL_WEEK = Conversation(
    members=("juniper", "maya"),
    last_said=timedelta(hours=2, minutes=10),
    lines=(
        ("juniper", 0, "Hi Maya, thank you for applying! Your note about taming a chaotic inbox made us smile."),
        ("maya", 14, "Thank you! Chaotic inboxes are my favourite kind. What does yours look like at the moment?"),
        ("juniper", 6, "About 90 customer e-mails a day. We answer in two days and would like to get to four hours."),
        ("maya", 11, "That sounds very doable. I would start with saved replies for the ten most common questions,"),
        ("maya", 1, "and a label for everything that needs one of you."),
        ("juniper", 1380, "We talked it over and would love to try. Would a paid trial week suit you, 20 hours?"),
        ("maya", 25, "Yes, gladly! I could start on Monday, 9 to 13 your time."),
        ("juniper", 8, "Perfect. You will find the access details in your onboarding folder by tonight."),
        ("maya", 2875, "First day done: 61 answered, 4 waiting for you, and a first draft of the saved replies."),
        ("juniper", 32, "Sixty-one! The tone is exactly right, too. I only changed one word in the drafts."),
        ("maya", 4, "Which one? I collect those."),
        ("juniper", 3, "“Unfortunately”. We try to say what we can do instead."),
        ("maya", 5, "Noted, and a good rule. I will go through the other replies with that in mind."),
        ("juniper", 1290, "Good morning Maya! The team is unanimous: we would like to offer you 25 hours a week."),
        ("juniper", 2, "Shall I send the contract over Hyred? No hurry at all, take the time you need to read it."),
    ),
    unread={"maya": 2},
)

ONBOARDING = Conversation(
    members=("theo", "brightline"),
    last_said=timedelta(hours=20),
    lines=(
        ("theo", 0, "Hello! I saw that you are looking for someone to keep carrier bookings up to date."),
        ("brightline", 95, "Hi Theo, yes. Do you know any of the booking portals, or would this be new to you?"),
        ("theo", 7, "Two of them well, the third only from reading. I have two years of dispatch work behind me."),
        ("brightline", 12, "That is more than we hoped for. Could you do a call on Thursday at 10:00?"),
        ("theo", 3, "Thursday at 10:00 works. I will bring questions about your cut-off times."),
        ("brightline", 1530, "Thank you for the call. Everybody here liked how carefully you ask."),
        ("brightline", 4, "Your proposal is accepted. Could you start with the northern routes?"),
        ("theo", 18, "Wonderful, thank you! The northern routes it is. Who should I ask when a carrier cancels late?"),
        ("brightline", 9, "Ines, until 18:00. After that, move it to the next morning and leave a note."),
        ("theo", 410, "Done for today: 38 bookings confirmed, 2 moved to tomorrow, notes are in the sheet."),
        ("brightline", 26, "Excellent first day. See you tomorrow, Theo."),
        ("theo", 2, "See you tomorrow!"),
    ),
)

FIRST_CONTACT = Conversation(
    members=("brightline", "maya"),
    last_said=timedelta(minutes=35),
    lines=(
        ("brightline", 0, "Hello Maya, Theo told us that you are good with customer care. Are you open for new work?"),
        ("maya", 48, "Hello! That is kind of Theo. I have about ten hours a week free from next month on."),
        ("brightline", 15, "Ten would be a fine start. It is mostly parcels that arrive late and people who worry."),
        ("maya", 6, "I know both well. Would it be mornings or evenings?"),
        ("brightline", 21, "Mornings, 8 to 10, Monday to Friday. May I send you the description?"),
        ("brightline", 1, "And your rate on the profile is fine for us."),
    ),
    unread={"maya": 2},
)

HIRING_TEAM = Conversation(
    type="group",
    title="Juniper hiring team (demo)",
    avatar="/demo/avatars/team.svg",
    members=("juniper", "maya", "theo"),
    last_said=timedelta(hours=4, minutes=40),
    lines=(
        ("juniper", 0, "Welcome, both! We are looking for a third person for the weekends, and value your opinion."),
        ("maya", 9, "Happy to help. What should they be able to do on the first Saturday?"),
        ("juniper", 7, "Answer chats on their own, and know when to wake us."),
        ("theo", 16, "Then I would ask for one real story of a night shift. You learn a lot from those."),
        ("maya", 4, "Good idea. And a small writing test: three angry messages, three kind answers."),
        ("juniper", 22, "Love both. I have eleven applications, and will share the best four here."),
        ("juniper", 1420, "The four are in the shared folder now. Could you each pick your two favourites by Friday?"),
        ("theo", 130, "Mine are the second and the fourth. The second one's story about the lost cello is great."),
        ("maya", 45, "The second for me as well! And the first, for how calm the answers are."),
    ),
    unread={"juniper": 2, "theo": 1},
)

FIRST_PAYOUT = Conversation(
    type="support",
    members=("theo", "admin"),
    last_said=timedelta(days=2, hours=5),
    lines=(
        ("theo", 0, "Hello, my first contract has started. When will the first payout arrive?"),
        ("admin", 17, "Congratulations, Theo! Payouts go out every Friday for the week before."),
        ("theo", 5, "Thank you. And do I need to send an invoice as well?"),
        ("admin", 8, "No, Hyred writes it for you. You will find it under Contracts, as a PDF."),
        ("theo", 3, "That is easier than I thought."),
        ("admin", 2, "That is the idea. Write any time, a person reads this."),
        ("theo", 1, "Thank you, that was quick!"),
    ),
)

CONVERSATIONS = (TRIAL_WEEK, ONBOARDING, FIRST_CONTACT, HIRING_TEAM, FIRST_PAYOUT)
