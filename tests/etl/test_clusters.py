"""Clusters and pictures of points that were planted in groups."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.manifold import trustworthiness

from etl import clusters, projection
from graph.types import FloatArray, IntArray

GROUPS = 6


def planted(rows: int = 600, seed: int = 0) -> tuple[FloatArray, IntArray]:
    """Points around six centres, and the group of each; the groups are of different size."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(GROUPS, 24))
    groups = random.choice(GROUPS, rows, p=np.arange(1, GROUPS + 1) / 21)
    return (centres[groups] + 0.2 * random.normal(size=(rows, 24))).astype(np.float32), groups


@pytest.mark.parametrize("seed", [0, 5, 6, 9])
def test_planted_clusters_are_found_and_their_number_too(seed: int) -> None:
    points, groups = planted(seed=seed)
    found = clusters.cluster(points)
    assert (found.k, found.count) == (GROUPS, GROUPS)
    assert len({(a, b) for a, b in zip(groups.tolist(), found.labels.tolist(), strict=True)}) == GROUPS
    sizes = np.bincount(found.labels).tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert found.why.startswith("6 clusters, because")
    assert clusters.elbow(found.trials) == GROUPS


def test_all_rows_get_the_cluster_of_their_group_where_only_a_sample_is_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, most in (("_MEASURED", 500), ("_SILHOUETTE", 200), ("_FINAL", 600)):
        monkeypatch.setattr(clusters, name, most)
    points, groups = planted(3_000)
    found = clusters.cluster(points)
    pairs = np.zeros((GROUPS, GROUPS), dtype=np.int64)
    np.add.at(pairs, (groups, found.labels), 1)
    assert pairs.max(axis=1).sum() > 0.995 * len(points)
    assert len(set(pairs.argmax(axis=1).tolist())) == GROUPS


@pytest.mark.parametrize("rows", [1, 5, 300])
def test_points_that_cannot_be_grouped_are_one_cluster(rows: int) -> None:
    found = clusters.cluster(np.ones((rows, 8), dtype=np.float32))
    assert (found.count, found.trials, set(found.labels.tolist())) == (1, (), {0})


def test_the_number_that_two_measures_agree_on_is_taken() -> None:
    trials = [
        clusters.Trial(2, 10.0, 0.10, 3.0, 90.0),
        clusters.Trial(8, 4.0, 0.30, 1.0, 80.0),
        clusters.Trial(16, 3.5, 0.31, 2.0, 10.0),
    ]
    chosen, why = clusters.choose(trials)
    assert chosen.k == 8
    assert "places 2 and 1" in why
    assert "from 8 on, where the inertia bends" in why
    assert "Calinski-Harabasz is best at 2" in why


def test_two_clusters_that_explain_nothing_are_not_taken_for_lying_well_apart() -> None:
    trials = [
        clusters.Trial(2, 10.0, 0.90, 0.1, 90.0),
        clusters.Trial(8, 4.0, 0.30, 1.5, 80.0),
        clusters.Trial(16, 3.5, 0.31, 1.0, 10.0),
        clusters.Trial(32, 3.2, 0.20, 1.6, 5.0),
    ]
    assert clusters.choose(trials)[0].k == 16


def test_a_cluster_is_named_by_what_its_models_have_and_others_lack() -> None:
    names = ["common", "vision", "image", "german", "word"]
    labels = np.repeat([0, 1], [60, 40])
    having = np.zeros((100, 5), dtype=np.float32)
    having[:, 0] = 1
    having[:50, 1] = having[:30, 2] = 1
    having[60:, 3] = having[60:80, 4] = having[:2, 4] = 1
    assert clusters.telling(sparse.csr_matrix(having), labels, 2, names) == [[1, 2], [3, 4]]


def test_words_come_after_facts_and_equal_names_grow() -> None:
    names = ["peft", "Text-Generation", "text generation", "alpha", "beta"]
    labels = np.repeat([0, 1, 2], 20)
    having = np.zeros((60, 5), dtype=np.float32)
    having[:40, :3] = 1
    having[:20, 3] = having[20:40, 4] = 1
    found = clusters.telling(sparse.csr_matrix(having), labels, 3, names, first=3)
    assert found == [[0, 1, 3], [0, 1, 4], []]


@pytest.mark.parametrize("landmarks", [2_000, 300])
def test_neighbours_stay_together_in_the_picture(landmarks: int) -> None:
    points, groups = planted(900)
    flat, share = projection.principal(points, 12)
    assert 0.5 < share < 1
    placed = projection.picture(flat, landmarks=landmarks)
    assert (placed.min(), placed.max()) == (0.0, 1.0)
    assert trustworthiness(points, placed, n_neighbors=10) > 0.85
    centres = np.stack([np.median(placed[groups == group], axis=0) for group in range(GROUPS)])
    nearest = np.linalg.norm(placed[:, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == groups).mean() > 0.97


def test_a_point_is_placed_where_its_twin_among_the_landmarks_is() -> None:
    flat, _ = projection.principal(planted(400)[0], 12)
    placed = projection.picture(np.concatenate([flat, flat]), landmarks=400)
    apart = np.linalg.norm(placed[:400] - placed[400:], axis=1)
    assert (apart < 1e-5).mean() > 0.6  # but for those pairs that are both landmarks, a quarter


def test_the_picture_is_the_same_each_time() -> None:
    flat, _ = projection.principal(planted(300)[0], 12)
    np.testing.assert_array_equal(projection.picture(flat), projection.picture(flat))


@pytest.mark.parametrize("rows", [1, 2, 16, 17])
def test_few_points_have_a_picture_too(rows: int) -> None:
    flat, _ = projection.principal(planted(600)[0][:rows], 12)
    placed = projection.picture(flat)
    assert placed.shape == (rows, 2)
    assert np.isfinite(placed).all()
