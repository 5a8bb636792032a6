import json
from collections import Counter

from tokenizers import Tokenizer

from knowledge_base.training.vocabulary import SPECIAL, count_pieces, cut_vocabulary
from tests.knowledge_base.training.tiny import tokenizer_file


def test_pieces_in_use_and_single_characters_stay():
    base = tokenizer_file()

    cut = cut_vocabulary(base, count_pieces(base, ["产假多少天"]), Counter())

    pieces = [piece for piece, _ in cut.tokenizer["model"]["vocab"]]
    assert pieces[: len(SPECIAL)] == list(SPECIAL)
    assert "产假" in pieces
    assert "厂" in pieces


def test_a_piece_that_nobody_uses_goes_and_its_text_is_cut_finer():
    base = tokenizer_file()

    cut = cut_vocabulary(base, count_pieces(base, ["多少天"]), Counter())
    tokens = Tokenizer.from_str(json.dumps(cut.tokenizer)).encode("产假").tokens

    assert "产假" not in [piece for piece, _ in cut.tokenizer["model"]["vocab"]]
    assert tokens[-3:] == ["产", "假", "</s>"]


def test_rare_pieces_of_other_texts_go():
    base = tokenizer_file()
    word = count_pieces(base, ["产假"])

    once, often = (cut_vocabulary(base, Counter(), Counter(dict.fromkeys(word, times))) for times in (2, 3))

    assert len(once.kept) < len(often.kept)


def test_kept_rows_lead_back_to_the_base():
    base = tokenizer_file()

    cut = cut_vocabulary(base, count_pieces(base, ["产假多少天"]), Counter())

    for row, at in enumerate(cut.kept):
        assert cut.tokenizer["model"]["vocab"][row] == base["model"]["vocab"][at]  # type: ignore[index]
