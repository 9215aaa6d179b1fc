"""A data set, as a page, a panel or a report shows it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from lossviz.data import Profile
from lossviz.experiments.closer_look import Hardness


@dataclass(frozen=True)
class ShownProfile:
    """What every chart of a data set is made from.

    :param hardness: how far a quick model gets, once it is known.
    """

    profile: Profile
    hardness: Hardness | None = None

    @property
    def version(self) -> Hashable:
        """Another one for other data, and once more is known of them."""
        return id(self.profile), id(self.hardness)

    @property
    def parts(self) -> int:
        """The number of components."""
        return len(self.profile.components)
