"""First layers of trainers that train on the same batches, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING
from weakref import ref

from torch import Tensor

from lossviz.engine.batches import Batch
from lossviz.engine.csr import Csr
from lossviz.engine.optimisers import Optimiser
from lossviz.engine.together import AT_ONCE, beside

if TYPE_CHECKING:
    from lossviz.engine.trainer import Trainer


class FirstLayers:
    """The first layers of some trainers, and what their optimisers remember of them, as columns of
    one table. So the rows that a batch touches, which lie far apart in memory, are fetched once for
    all: for a session's three runs it takes little longer than for one.

    What each trainer's model and optimiser have are views of it, until it stands elsewhere.
    """

    def __init__(self, trainers: Sequence[Trainer]) -> None:
        memories = [trainer.optimiser.memory["table"] for trainer in trainers]
        self._owners = [ref(trainer) for trainer in trainers]
        self._columns = [trainer.model.table.shape[1] for trainer in trainers]
        self._table = beside([trainer.model.table for trainer in trainers]).contiguous()
        for trainer, table in zip(trainers, self._apart(self._table), strict=True):
            trainer.model.table = trainer.optimiser.weights["table"] = table
            trainer.first_layers = self
        self._memory = []
        for key in memories[0]:
            whole = beside([memory[key] for memory in memories]).contiguous()
            self._memory.append(whole)
            for memory, kept in zip(memories, self._apart(whole), strict=True):
                memory[key] = kept

    @classmethod
    def of(cls, trainers: Sequence[Trainer]) -> FirstLayers:
        """Those of exactly these trainers. Who stood beside one of them and is not among them gets
        a table alone, or else would keep all of the old one."""
        stand = trainers[0].first_layers
        if stand.owners == list(trainers) and len(stand._owners) == len(trainers):
            return stand
        before = {owner for trainer in trainers for owner in trainer.first_layers.owners}
        whole = cls(trainers)
        for owner in before.difference(trainers):
            cls([owner])
        return whole

    @property
    def owners(self) -> list[Trainer]:
        """Whose they are: the trainers that there are still, and that stand nowhere else."""
        trainers = [owner() for owner in self._owners]
        return [own for own in trainers if own is not None and own.first_layers is self]

    def products(self, rows: Csr) -> dict[Trainer | None, Tensor]:
        """``X @ table``, ``(N, W)``, of each trainer that there is still."""
        each = zip(self._owners, self._apart(rows.times(self._table)), strict=True)
        return {owner(): product for owner, product in each}

    def touched(self, batch: Batch) -> Tensor:
        """The rows that a batch touches, ``(U, ΣW)``."""
        return self._table.index_select(0, batch.features)

    def through(self, batch: Batch, touched: Tensor) -> Sequence[Tensor]:
        """``X @ table``, ``(B, W)``, of each trainer, where X is the batch."""
        return self._apart(batch.rows.times(touched))

    def move(
        self,
        trainers: Sequence[Trainer],
        batch: Batch,
        touched: Tensor,
        gradients: Sequence[Tensor],
    ) -> None:
        """Move them all.

        :param touched: as above; changed in place.
        :param gradients: of each trainer's loss in ``X @ table``, ``(B, W)``.
        """
        slopes = batch.columns.times(beside(gradients))
        optimisers = [trainer.optimiser for trainer in trainers]
        if optimisers[0].sparse:
            tables = [self._table, *self._memory]
            Optimiser.update_rows(optimisers, "table", tables, batch.features, touched, slopes)
            return
        for optimiser, slope in zip(optimisers, self._apart(slopes), strict=True):
            optimiser.update_scattered("table", batch.features, slope)

    def _apart(self, whole: Tensor) -> Sequence[Tensor]:
        return (whole,) if len(self._columns) == 1 else whole.split_with_sizes(self._columns, 1)


class AtOneBatch:
    """Trainers that take a step on the same batch, and whose optimisers move them alike.

    :ivar products: ``X @ table``, ``(B, W)``, of each.
    """

    def __init__(self, trainers: Sequence[Trainer], batch: Batch) -> None:
        self.trainers = trainers
        self.batch = batch
        self._layers = FirstLayers.of(trainers)
        self._touched = self._layers.touched(batch)
        self.products = self._layers.through(batch, self._touched)

    def move(self, gradients: Sequence[Tensor | None]) -> None:
        """Move the first layers of those that have a gradient in their product, ``(B, W)``."""
        pairs = zip(self.trainers, gradients, strict=True)
        going = [(trainer, slope) for trainer, slope in pairs if slope is not None]
        trainers, slopes = [trainer for trainer, _ in going], [slope for _, slope in going]
        if len(trainers) == len(self.trainers):
            self._layers.move(trainers, self.batch, self._touched, slopes)
        elif trainers:
            remaining = FirstLayers.of(trainers)
            remaining.move(trainers, self.batch, remaining.touched(self.batch), slopes)


def at_their_batches(trainers: Sequence[Trainer]) -> Iterator[AtOneBatch]:
    """All trainers, each with its next batch; those that have the same one together."""
    groups: dict[tuple[object, ...], tuple[Batch, list[Trainer]]] = {}
    for trainer in trainers:
        batch, optimiser = trainer.draw(), trainer.optimiser
        rule = optimiser.rule if optimiser.sparse else id(trainer)
        key = (id(batch), rule, optimiser.learning_rate)
        groups.setdefault(key, (batch, []))[1].append(trainer)
    for batch, group in groups.values():
        # Of large tables copies would take more memory than they save time.
        if sum(trainer.model.table.numel() for trainer in group) <= AT_ONCE:
            yield AtOneBatch(group, batch)
        else:
            yield from (AtOneBatch([trainer], batch) for trainer in group)


def products_of(trainers: Sequence[Trainer], rows: Callable[[Trainer], Csr]) -> list[Tensor]:
    """``X @ table``, ``(N, W)``, of each trainer; once for those that stand side by side.

    :param rows: X, the same for all of these.
    """
    products: dict[FirstLayers, dict[Trainer | None, Tensor]] = {}
    for trainer in trainers:
        layers = trainer.first_layers
        if layers not in products:
            products[layers] = layers.products(rows(trainer))
    return [products[trainer.first_layers][trainer] for trainer in trainers]
