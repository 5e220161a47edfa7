"""Labour-law presets: what laws of working time ask of a roster's rules, article by article.

Not legal advice. A preset holds what can be said with the rules, contracts and shift kinds declared
in this package; each law states its limitations, the source of each article, and on which day and
with what it was compared.
"""

from schedules.laws.comparison import Finding, against
from schedules.laws.law import NOTICE, Article, Caps, Law, RequiredBreak
from schedules.laws.loading import law, laws

__all__ = ["NOTICE", "Article", "Caps", "Finding", "Law", "RequiredBreak", "against", "law", "laws"]
