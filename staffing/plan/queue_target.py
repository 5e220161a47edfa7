"""One ``[queues.NAME]`` table as the target that sizing wants."""

from __future__ import annotations

from staffing.plan.queue_settings import LossSection, QueueSection
from staffing.sizing.loss import LossModel
from staffing.sizing.premium import PremiumPromise
from staffing.sizing.shrinkage import Shrinkage
from staffing.sizing.targets import QueueTarget
from staffing.sizing.value import Economics
from staffing.sizing.workload import Dialling, Stage, Workload

_AS_THEY_ARE = (
    "channel", "service_level", "asa_s", "max_occupancy", "max_abandonment", "patience_s", "definition", "target_over",
    "least_interval_level", "confidence", "concurrency", "aht_s_by_concurrency", "pool", "min_agents", "size_by",
)  # fmt: skip


def queue_target(
    name: str, section: QueueSection, resolve_within_h: float | None, wage_per_hour: float
) -> QueueTarget:
    """The target of a queue.

    Parameters
    ----------
    name, section
        The queue and its table.
    resolve_within_h
        Its deadline in opening hours, if it has one.
    wage_per_hour
        What an hour on shift costs where the queue does not say what an agent's hour at work costs.

    Raises
    ------
    ValueError
        Values that do not go together.
    """
    shrinkage = queue_shrinkage(section).total
    within_s = section.answer_within_s
    if section.answer_within_min is not None:
        within_s = 60.0 * section.answer_within_min
    return QueueTarget(
        queue=name,
        answer_within_s=within_s,
        resolve_within_h=resolve_within_h,
        shrinkage=shrinkage,
        workload=_workload(section),
        premium=_premium(section),
        economics=_economics(section, wage_per_hour / (1.0 - shrinkage)),
        **{key: getattr(section, key) for key in _AS_THEY_ARE},
    )


def queue_shrinkage(section: QueueSection) -> Shrinkage:
    """Planned and unplanned shrinkage; a single figure counts as planned."""
    if section.shrinkage_planned is None and section.shrinkage_unplanned is None:
        return Shrinkage(section.shrinkage, 0.0, section.shrinkage_rule)
    return Shrinkage(
        section.shrinkage_planned or 0.0, section.shrinkage_unplanned or 0.0, section.shrinkage_rule
    )


def _workload(section: QueueSection) -> Workload:
    dialling = None
    if section.channel == "outbound":
        dialling = Dialling(section.connect_rate, section.attempt_s, section.max_attempts)
    stages = tuple(
        Stage(name, stage.share, stage.seconds, stage.factor) for name, stage in section.stages.items()
    )
    return Workload(section.self_service_share, section.self_service_aht_factor, stages, dialling)


def _premium(section: QueueSection) -> PremiumPromise | None:
    level, within_s = section.premium_service_level, section.premium_answer_within_s
    if not section.premium_share or level is None or within_s is None:
        return None
    return PremiumPromise(section.premium_share, level, within_s)


def _economics(section: QueueSection, cost_per_hour: float) -> Economics | None:
    if section.value_per_contact is None:
        return None
    loss = loss_model(section.loss, section.patience_s)
    return Economics(section.value_per_contact, section.cost_per_agent_hour or cost_per_hour, loss)


def loss_model(loss: LossSection | None, patience_s: float | None) -> LossModel:
    """How waiting loses contacts: as ``loss`` says, or by the queue's patience."""
    if loss is None:
        if patience_s is None:
            raise ValueError("loss or patience_s with value_per_contact expected, got neither")
        return LossModel.exponential(patience_s)
    if loss.per_10s is not None:
        return LossModel.constant(loss.per_10s)
    if loss.after_s is not None and loss.lost_per_10s is not None:
        return LossModel.by_stretches(loss.after_s, loss.lost_per_10s)
    assert loss.first_10s is not None
    assert loss.growth_per_10s is not None
    return LossModel.multiplying(loss.first_10s, loss.growth_per_10s)
