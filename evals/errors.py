"""Errors of the evals. A question that fails is a row with its error and counts as wrong; these stop a whole command.

EvalError
├── DatasetError     a dataset, a retrieval task or a label file breaks its schema; the message names file and line
├── TargetError      what is to be measured cannot be reached or built
├── RunError         a run folder is missing, damaged or of other data than the command names
│   ├── RunMissing   the evaluator's desk has no such run, suite or question file
│   └── DeskBusy     it has one run under way already
└── JudgeError       the judging model cannot be reached or does not answer in the asked form
"""

from __future__ import annotations


class EvalError(Exception):
    """Base of every error that this package raises on purpose."""


class DatasetError(EvalError):
    """A dataset breaks its schema; the message names the file, the line and what to write instead."""


class TargetError(EvalError):
    """What is to be measured cannot be reached or built."""


class RunError(EvalError):
    """A run folder is missing, damaged, or of other data than the command names."""


class RunMissing(RunError):
    """The evaluator's desk has no such run, suite or question file."""


class DeskBusy(RunError):
    """The evaluator's desk has one run under way already."""


class JudgeError(EvalError):
    """The judging model cannot be reached or does not answer in the asked form."""
