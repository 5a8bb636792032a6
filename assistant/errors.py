"""Errors of the assistant. Abstaining, referring and refusing are answers, not errors.

AssistantError
├── QuestionRefused        the question cannot be taken as it is (empty, too long, bad date); HTTP 422
├── ApprovalRefused        the sources of an answer handed in for approval do not carry it; HTTP 422
├── PublishRefused         drafts cannot be published as they are; HTTP 422
├── NotFound               no such conversation, document or passage; HTTP 404
├── Unauthorized           an admin route without the key; HTTP 401
├── ModelFailed            the language model did not write; met inside, the reader gets the extract
├── ToolInputRefused       an input of a calculator, deadline or letter is not what it should be; HTTP 422
├── SpeechRefused          a recording cannot be written down as it is (empty, too long, unknown format); HTTP 422
├── TranscriptionFailed    the service that writes speech down did not; HTTP 503
├── StoreError             a conversation could not be read or written; HTTP 503
└── SettingsError          settings that cannot work together; the process does not start
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of every error that this package raises on purpose."""


class QuestionRefused(AssistantError):
    """The question cannot be taken as it is; the message tells the reader what to change."""


class ApprovalRefused(AssistantError):
    """An answer handed in for approval does not pass; the message holds every reason."""


class PublishRefused(AssistantError):
    """Drafts cannot be published as they are; the message says why."""


class NotFound(AssistantError):
    """There is no such conversation, document or passage."""


class Unauthorized(AssistantError):
    """The caller may not do this."""


class ModelFailed(AssistantError):
    """The language model could not be reached, was too slow, refused, or broke off."""


class ToolInputRefused(AssistantError):
    """An input of a calculator, deadline or letter is not of its kind or out of bounds; the message says what to write."""


class SpeechRefused(AssistantError):
    """A recording cannot be written down as it is; the message tells the speaker what to change."""


class TranscriptionFailed(AssistantError):
    """The service that writes speech down could not be reached, was too slow, or refused."""


class StoreError(AssistantError):
    """Conversations cannot be read or written."""


class SettingsError(AssistantError):
    """Settings that cannot work."""
