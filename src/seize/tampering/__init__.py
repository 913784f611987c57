"""Changing system calls on their way: faults, delays, other arguments, short counts."""

from seize.tampering.build import rule
from seize.tampering.change import Change
from seize.tampering.plan import Fired, Tampering
from seize.tampering.rule import Named, Rule, When, when

__all__ = ["Change", "Fired", "Named", "Rule", "Tampering", "When", "rule", "when"]
