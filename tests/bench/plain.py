"""The script that everybody writes first, to compare with: `python plain.py ARTICLE QUESTION`."""

import sys
from pathlib import Path

import faiss
from sentence_transformers import SentenceTransformer

from qa.embed import find_default_model

model = SentenceTransformer(find_default_model())
passages = [part.strip() for part in Path(sys.argv[1]).read_text(encoding="utf-8").split("\n\n") if part.strip()]
index_file = Path(sys.argv[1] + ".index")
if index_file.exists():
    index = faiss.read_index(str(index_file))
else:
    rows = model.encode(passages, normalize_embeddings=True)
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    faiss.write_index(index, str(index_file))
scores, numbers = index.search(model.encode([sys.argv[2]], normalize_embeddings=True), min(3, index.ntotal))
for score, number in zip(scores[0], numbers[0], strict=True):
    print(f"{score:.2f} {passages[number]}")
