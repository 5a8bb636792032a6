"""A deadline as an iCalendar file (RFC 5545), for the calendar of a phone."""

from __future__ import annotations

import datetime as dt
import uuid

from icalendar import Alarm, Calendar, Event

from assistant.tools.deadlines import LastDay

ALARM_DAYS = (7, 1)
"""Days before the last day on which the phone reminds."""

_PRODUCT = "-//women-workers-digital-assistant//deadlines//ZH"


def calendar_file(found: LastDay, made: dt.datetime, alarm: str, official: str) -> bytes:
    """An all-day event on the last day, with its reminders. It says what the deadline is, nothing about the user."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    event = Event()
    event.add("uid", uuid.uuid4().hex)
    event.add("dtstamp", made)
    event.add("summary", found.deadline.title)
    event.add("description", "\n".join((*found.counted, *(note.text for note in found.deadline.notes), official)))
    event.add("dtstart", found.last)
    event.add("dtend", found.last + dt.timedelta(days=1))
    for days in ALARM_DAYS:
        reminder = Alarm()
        reminder.add("action", "DISPLAY")
        reminder.add("description", alarm.format(title=found.deadline.title, days=days))
        reminder.add("trigger", dt.timedelta(days=-days))
        event.add_component(reminder)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
