import numpy as np
import pytest

from knowledge_base.reader.encoder import Encoder
from knowledge_base.training.spreading import Spread
from tests.knowledge_base.training.tiny import tiny_reader

pytest.importorskip("onnx")
TEXTS = ["产假多少天", "厂头说不要我了，还欠起两个月的钱", "他又打我，躲在厕所"]


@pytest.mark.filterwarnings("ignore")
def test_the_exported_encoder_agrees_with_the_trained_one(tmp_path):
    from knowledge_base.training.export import export_encoder

    reader = tiny_reader()
    matrix = np.eye(24, dtype=np.float32) * 2
    matrix[0, 1] = 0.5
    reader.spread = Spread(matrix, np.full(24, 0.1, dtype=np.float32))

    export_encoder(reader, tmp_path)
    shipped = Encoder.open(tmp_path)

    cosines = (shipped.encode(TEXTS, "query") * reader.encode(TEXTS, "query")).sum(1)
    assert shipped.dimension == 24
    assert cosines.min() > 0.98
    assert sorted(p.name for p in tmp_path.iterdir()) == ["encoder.onnx", "tokenizer.json"]
