"""A contact centre simulated contact by contact: what a roster gives, and how sure that is.

A ``Centre`` is made of queues, groups of agents and their times at work (or from a plan's tables by
``centre_of``); ``simulate`` returns a ``Simulated`` with counts per path, line and interval. The
kernels are compiled at the first run and kept on disk.
"""

from __future__ import annotations

from staffing.sizing.simulation.centre import Centre
from staffing.sizing.simulation.plan_centre import centre_of
from staffing.sizing.simulation.queues import CallBackOffer, Premium, Redial, SimulatedQueue
from staffing.sizing.simulation.result import Simulated
from staffing.sizing.simulation.run import simulate
from staffing.sizing.simulation.staff import Group, Staff
from staffing.sizing.simulation.times import HandlingTime, PatienceTime

__all__ = [
    "CallBackOffer",
    "Centre",
    "Group",
    "HandlingTime",
    "PatienceTime",
    "Premium",
    "Redial",
    "Simulated",
    "SimulatedQueue",
    "Staff",
    "centre_of",
    "simulate",
]
