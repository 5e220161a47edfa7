"""What every explanation hands back: a table and sentences."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Explanation:
    """An answer to one question about a roster.

    Attributes
    ----------
    question
        What is answered.
    table
        The figures; each function names its columns.
    sentences
        The same for a person who reads no tables.
    """

    question: str
    table: pd.DataFrame
    sentences: tuple[str, ...]

    def summary(self) -> str:
        """The question and the sentences, a line each."""
        return "\n".join((self.question, *(f"  {sentence}" for sentence in self.sentences)))
