"""An example contact centre, invented: a seeded year of history and sixty people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources

import holidays as public_holidays
import numpy as np
import pandas as pd

ZONE = "Europe/Berlin"
FIRST_DAY = date(2025, 11, 24)
WEEKS = 52
INTERVAL_MIN = 30

FIRST_NAMES = (
    "Ada", "Adil", "Aino", "Akira", "Alba", "Amara", "Anouk", "Arjun", "Astrid", "Aylin", "Bao", "Bela",
    "Bruno", "Carla", "Chidi", "Clara", "Dalia", "Dario", "Dilan", "Edda", "Elif", "Emil", "Esra", "Fadi",
    "Fatou", "Finn", "Freya", "Gita", "Goran", "Hana", "Henrik", "Ida", "Imani", "Ivo", "Jamal", "Jana",
    "Jonas", "Juno", "Kaito", "Karim", "Kira", "Lale", "Leo", "Lina", "Luca", "Maja", "Malik", "Marta",
    "Mila", "Nadia", "Nils", "Noor", "Olga", "Omar", "Paula", "Quinn", "Rania", "Rosa", "Samir", "Thea",
)  # fmt: skip


@dataclass(frozen=True)
class QueueShape:
    """How the invented contacts of one queue behave."""

    name: str
    daily_contacts: float
    weekday: tuple[float, ...]
    opens: tuple[float, ...]
    closes: tuple[float, ...]
    peaks: tuple[tuple[float, float, float], ...]
    aht_s: float
    day_cv: float
    payday: float
    promotion: float
    around_the_clock: bool = False


QUEUES = (
    QueueShape(
        "phone", 1020, (1.22, 1.08, 1.0, 0.97, 0.94, 0.42, 0.0),
        opens=(8, 8, 8, 8, 8, 9, 0), closes=(20, 20, 20, 20, 20, 16, 0),
        peaks=((10.5, 1.8, 1.0), (15.5, 2.2, 0.72)), aht_s=285, day_cv=0.05, payday=0.14, promotion=0.45,
    ),
    QueueShape(
        "chat", 900, (1.05, 1.0, 1.0, 1.02, 1.0, 0.72, 0.58),
        opens=(8,) * 7, closes=(22,) * 7,
        peaks=((12.0, 2.6, 0.8), (19.0, 2.2, 1.0)), aht_s=480, day_cv=0.06, payday=0.05, promotion=0.60,
    ),
    QueueShape(
        "tickets", 340, (1.15, 1.08, 1.0, 1.0, 0.95, 0.5, 0.45),
        opens=(0,) * 7, closes=(24,) * 7,
        peaks=((9.5, 2.2, 1.0), (21.0, 2.5, 0.6)), aht_s=540, day_cv=0.07, payday=0.0, promotion=0.2,
        around_the_clock=True,
    ),
)  # fmt: skip

PROMOTION = (date(2026, 5, 4), date(2026, 5, 8))
OUTAGE = (pd.Timestamp("2026-06-17 10:00"), pd.Timestamp("2026-06-17 13:00"))
GAP = (pd.Timestamp("2026-03-10 13:00"), pd.Timestamp("2026-03-11 12:00"))


def history_table(seed: int = 7, weeks: int = WEEKS, queues: Sequence[QueueShape] = QUEUES) -> pd.DataFrame:
    """A year of half hours: ``queue, start, contacts, handled, aht_s``, naive local starts.

    Contains a weekly and a yearly pattern, a slow growth, paydays on the 1st and the 15th, German
    public holidays, a promotion, a gap (rows that are missing), an outage (contacts that could not
    come in) and both clock changes. Closed hours have no rows.
    """
    rng = np.random.default_rng(seed)
    end = FIRST_DAY + timedelta(days=7 * WEEKS)
    grid = pd.date_range(
        pd.Timestamp(end - timedelta(days=7 * weeks), tz=ZONE),
        pd.Timestamp(end, tz=ZONE),
        freq=f"{INTERVAL_MIN}min",
        inclusive="left",
    )
    closed_days = public_holidays.country_holidays("DE", years=[2025, 2026])
    tables = [_queue_history(shape, grid, closed_days, rng) for shape in queues]
    return pd.concat(tables, ignore_index=True)


def _queue_history(
    shape: QueueShape,
    grid: pd.DatetimeIndex,
    closed_days: public_holidays.HolidayBase,
    rng: np.random.Generator,
) -> pd.DataFrame:
    local = grid.tz_localize(None)
    hour = np.asarray(local.hour + local.minute / 60, dtype=float)
    weekday = np.asarray(local.day_of_week)
    day_number = np.asarray((local.normalize() - pd.Timestamp(FIRST_DAY)).days)
    days = np.unique(day_number)
    dates = [FIRST_DAY + timedelta(days=int(day)) for day in days]

    profile = 0.06 + sum(
        height * np.exp(-0.5 * ((hour + 0.25 - at) / width) ** 2) for at, width, height in shape.peaks
    )
    open_now = (hour >= np.asarray(shape.opens)[weekday]) & (hour < np.asarray(shape.closes)[weekday])
    day_factor = np.array([_day_factor(shape, day, closed_days) for day in dates])
    day_factor *= np.exp(rng.normal(0.0, shape.day_cv, len(days)) - shape.day_cv**2 / 2)
    index = np.searchsorted(days, day_number)
    usual = profile * open_now
    mean_day = usual[np.isin(weekday, (0, 1, 2, 3, 4))].sum() / max(
        len(np.unique(day_number[weekday < 5])), 1
    )
    rate = shape.daily_contacts * usual / mean_day * day_factor[index]
    contacts = rng.poisson(rate * rng.gamma(150.0, 1 / 150.0, len(grid)))

    wave = 1 + 0.05 * np.sin((hour - 9) / 12 * np.pi) + 0.03 * (weekday == 0)
    aht_s = (
        shape.aht_s * wave * np.exp(rng.normal(0.0, 0.6 / np.sqrt(np.maximum(contacts, 1)), len(grid)) * 0.5)
    )
    lost = rng.binomial(contacts, 0.0 if shape.around_the_clock else 0.04)

    if not shape.around_the_clock:
        hit = np.asarray((local >= OUTAGE[0]) & (local < OUTAGE[1]))
        contacts = np.where(hit, rng.binomial(contacts, 0.05), contacts)
        lost = np.minimum(lost, contacts)
    handled = contacts - lost
    table = pd.DataFrame(
        {
            "queue": shape.name,
            "start": local.strftime("%Y-%m-%d %H:%M"),
            "contacts": contacts,
            "handled": handled,
            "aht_s": np.where(handled > 0, np.round(aht_s, 1), np.nan),
        }
    )
    shut = (
        np.array([day in closed_days for day in dates])[index]
        & (not shape.around_the_clock)
        & (shape.name == "phone")
    )
    keep = open_now & ~shut
    if shape.name == "phone":
        keep &= ~np.asarray((local >= GAP[0]) & (local < GAP[1]))
    return table[keep]


def _day_factor(shape: QueueShape, day: date, closed_days: public_holidays.HolidayBase) -> float:
    factor = shape.weekday[day.weekday()]
    factor *= 1 + 0.08 * (day - FIRST_DAY).days / 365
    factor *= 1 + 0.09 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 20) / 365.25)
    if day.day in (1, 15):
        factor *= 1 + shape.payday
    if PROMOTION[0] <= day <= PROMOTION[1]:
        factor *= 1 + shape.promotion
    if day in closed_days:
        factor *= 0.55
    elif day - timedelta(days=1) in closed_days:
        factor *= 1.15
    return float(factor)


def people_tables(seed: int = 7) -> dict[str, pd.DataFrame]:
    """Sixty agents with their absences and wishes for the week after the history."""
    rng = np.random.default_rng(seed + 1)
    monday = FIRST_DAY + timedelta(days=7 * WEEKS)
    skills = (
        ["phone"] * 14
        + ["phone;chat"] * 20
        + ["chat"] * 8
        + ["chat;tickets"] * 8
        + ["phone;chat;tickets"] * 6
    )
    skills += ["tickets"] * 4
    agents, absences, wishes = [], [], []
    for number, (name, skill) in enumerate(zip(FIRST_NAMES, skills, strict=True)):
        part_time = number % 3 == 2
        availability = ""
        if part_time and number % 2:
            availability = str(
                rng.choice(["mon-fri 08:00-15:00", "mon-sun 13:00-22:00", "mon,tue,thu,fri,sat 08:00-18:00"])
            )
            if "phone" not in skill and "chat" not in skill:
                availability = "mon-fri 08:00-16:00"
        worked_sunday = bool(rng.random() < 0.3) and "chat" in skill
        agents.append(
            {
                "agent_id": name,
                "contract": "part_time" if part_time else "full_time",
                # Every sixth knows the phone better than the others.
                "skills": skill if number % 6 else skill.replace("phone", "phone:2", 1),
                "team": "Tickets" if skill == "tickets" else "North" if number % 2 else "South",
                "availability": availability,
                "last_shift_end": f"{monday - timedelta(days=1)} 22:00" if worked_sunday else "",
                "days_worked_before": int(rng.integers(1, 4)) if worked_sunday else 0,
            }
        )
        if number % 10 == 4:
            away = monday + timedelta(days=int(rng.integers(0, 4)))
            absences.append(
                {"agent_id": name, "start": f"{away}", "end": f"{away + timedelta(days=1)}", "kind": "leave"}
            )
        elif number % 10 == 7:
            away = monday + timedelta(days=int(rng.integers(0, 5)))
            absences.append({"agent_id": name, "start": f"{away}", "end": "", "kind": "day_off"})
        elif number % 10 == 9:
            away = monday + timedelta(days=int(rng.integers(0, 5)))
            absences.append(
                {"agent_id": name, "start": f"{away} 08:00", "end": f"{away} 11:00", "kind": "unavailable"}
            )
        if rng.random() < 0.6:
            day = monday + timedelta(days=int(rng.integers(0, 7)))
            wish = str(rng.choice(["day_off", "day_off", "start_from", "start_until"]))
            time = {"start_from": "11:00", "start_until": "09:00"}.get(wish, "")
            wishes.append(
                {
                    "agent_id": name,
                    "day": f"{day}",
                    "wish": wish,
                    "time": time,
                    "weight": int(rng.choice([10, 20, 40])),
                }
            )
    return {
        "agents.csv": pd.DataFrame(agents),
        "absences.csv": pd.DataFrame(absences),
        "wishes.csv": pd.DataFrame(wishes),
    }


def events_table() -> pd.DataFrame:
    """The promotion of the past and the sale of the week to be planned."""
    return pd.DataFrame(
        [
            {"name": "Spring promotion", "start": PROMOTION[0], "end": PROMOTION[1], "queue": "", "uplift": ""},
            {"name": "Black Friday sale", "start": date(2026, 11, 27), "end": date(2026, 11, 27), "queue": "chat",
             "uplift": "+15%"},
        ]
    )  # fmt: skip


def demo_files(seed: int = 7) -> dict[str, str]:
    """File name → text of the example centre."""
    files = {name: _csv(table) for name, table in people_tables(seed).items()}
    files["history.csv"] = _csv(history_table(seed))
    files["events.csv"] = _csv(events_table())
    files["plan.toml"] = template("demo.toml")
    return files


def starter_files() -> dict[str, str]:
    """File name → text of a small plan to be filled in: one queue, six weeks, a dozen people."""
    people = people_tables()
    agents = people["agents.csv"].head(14).drop(columns="team")
    agents = agents.assign(skills="phone", last_shift_end="", days_worked_before=0)
    ids = set(agents["agent_id"])
    small = QueueShape(**{**vars(QUEUES[0]), "daily_contacts": 420.0})
    files = {"agents.csv": _csv(agents), "history.csv": _csv(history_table(weeks=6, queues=(small,)))}
    for name in ("absences.csv", "wishes.csv"):
        table = people[name]
        files[name] = _csv(table[table["agent_id"].isin(ids)])
    files["plan.toml"] = template("plan.toml")
    return files


def template(name: str) -> str:
    """Text of a plan template."""
    return resources.files("staffing.plan").joinpath("templates", name).read_text(encoding="utf-8")


def _csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, lineterminator="\n")
