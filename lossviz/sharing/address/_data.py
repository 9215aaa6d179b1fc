"""Which data an address is about."""

from __future__ import annotations

import re
from typing import Annotated, Self
from urllib.parse import quote_plus

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from lossviz.errors import LossVizError
from lossviz.sharing.address._notation import BETWEEN, shown

OWN = "own"
LONGEST_NAME = 120
"""Of a person's file, in the address: a sign of another script takes up to twelve characters."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f-]{1,32})?$")]


class DataAddress(BaseModel):
    """A sample by its id, or a person's file by its digest and name.

    >>> DataAddress(sample="feelings").text
    'feelings'
    >>> DataAddress.read("own~0123456789abcdef~my file.csv")
    DataAddress(sample='', digest='0123456789abcdef', name='my file.csv')
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sample: Id = ""
    digest: Digest = ""
    name: str = ""

    @property
    def text(self) -> str:
        """As a value of an address."""
        if self.sample:
            return self.sample
        name = self.name
        while len(quote_plus(name)) > LONGEST_NAME:
            name = name[:-1]
        return BETWEEN.join((OWN, self.digest, name))

    @classmethod
    def read(cls, text: str) -> Self:
        """Which data a value of an address is about.

        :raises LossVizError: where it is about none.
        """
        try:
            if not text.startswith(OWN + BETWEEN):
                return cls(sample=_given(text))
            _, digest, name = (*text.split(BETWEEN, 2), "")[:3]
            return cls(digest=_given(digest), name=" ".join(name[:LONGEST_NAME].split()))
        except ValidationError as error:
            raise LossVizError(
                f"The link's data {shown(text)} are not known: expected the id of a sample, or "
                f"“own”, a digest and a name."
            ) from error


def _given(text: str) -> str:
    """What has to be there."""
    return text if re.search(r"\S", text) else "?"
