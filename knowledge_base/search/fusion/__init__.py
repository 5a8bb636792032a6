"""Fusion strategies: how the hits of the legs become one score a passage. The retriever takes any :class:`FusionStrategy`."""

from knowledge_base.search.fusion.base import CANDIDATES, FusionStrategy, Hits, Leg, LegHits
from knowledge_base.search.fusion.weighted_spans import WeightedSpans

DEFAULT_FUSION: FusionStrategy = WeightedSpans()
"""The strategy used unless a retriever is given another."""

__all__ = ["CANDIDATES", "DEFAULT_FUSION", "FusionStrategy", "Hits", "Leg", "LegHits", "WeightedSpans"]
