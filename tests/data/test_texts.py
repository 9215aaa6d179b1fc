"""Which texts count as identical, and whether words run together in many scripts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.data import texts as identical
from lossviz.data.texts import LOOKED_AT, identical_groups, known, normalised, words_run_together
from lossviz.experiments.specs import FeatureSpec

WORDS = st.lists(
    st.sampled_from(["a", "A", "b", " ", "\t", "\u3000", "ß", "SS", "İ", "猫", "\x1f"]),
    min_size=1,
    max_size=4,
).map("".join)
TEXTS = st.lists(WORDS, min_size=1, max_size=40)


@given(TEXTS)
def test_groups_are_those_of_a_dictionary(texts: list[str]) -> None:
    groups = identical_groups(texts)
    seen: dict[str, int] = {}
    assert groups.tolist() == [seen.setdefault(normalised(own), len(seen)) for own in texts]


@given(TEXTS, TEXTS)
def test_known_texts_are_those_among_the_others(texts: list[str], others: list[str]) -> None:
    have = {normalised(own) for own in others}
    assert known(texts, others).tolist() == [normalised(own) in have for own in texts]


def test_different_texts_with_the_same_hash_stay_apart(monkeypatch: object) -> None:
    monkeypatch.setattr(identical, "hash", lambda text: len(text) % 2, raising=False)  # type: ignore[attr-defined]
    texts = ["aa", "b", "cc", "AA", "ddd", "B"]
    assert identical_groups(texts).tolist() == [0, 1, 2, 0, 3, 1]
    assert np.flatnonzero(known(["zz", "B "], texts)).tolist() == [1]


TOGETHER = {
    "Chinese": [
        "今天天气很好，我们去公园散步吧。",
        "这家餐厅的服务太差了！",
        "他昨天买了一台新电脑。",
    ],
    "Chinese tweets": [
        "@小明 今天iPhone 15发布了 https://t.co/ab",
        "哈哈哈 笑死我了 😂😂",
        "转发微博",
    ],
    "Japanese": [
        "昨日は友達と映画を見に行きました。",
        "このラーメンはとても美味しい！",
        "コーヒーをください",
    ],
    "Thai with a space in every phrase": [
        "วันนี้ อากาศดีมาก เราไป เดินเล่นกัน",
        "อาหาร อร่อยมาก แต่ราคา แพงไปหน่อย",
        "ขอบคุณครับ แล้วพบกัน ใหม่นะ",
    ],
    "Lao": ["ມື້ນີ້ອາກາດດີຫຼາຍ ພວກເຮົາໄປຍ່າງຫຼິ້ນ", "ຂອບໃຈຫຼາຍໆ"],
    "Khmer": ["ថ្ងៃនេះអាកាសធាតុល្អណាស់ យើងទៅដើរលេង", "អរគុណច្រើន"],
    "Burmese": ["ဒီနေ့ ရာသီဥတု ကောင်းတယ်", "ကျေးဇူးတင်ပါတယ်"],
}
APART = {
    "English": [
        "It rained all day, so we stayed in.",
        "The service was awful!",
        "I bought a lamp.",
    ],
    "tweets": ["@ann lol that #match 😂😂 https://t.co/5EdQ", "so true!!!", "RT @bob: no way"],
    "Arabic": ["الطقس جميل اليوم وسنذهب للنزهة", "كانت الخدمة سيئة جدا", "شكرا جزيلا لك"],
    "Hebrew": ["מזג האוויר נפלא היום", "השירות היה גרוע מאוד"],
    "Hindi": ["आज मौसम बहुत अच्छा है", "सेवा बहुत खराब थी"],
    "Korean": ["오늘 날씨가 정말 좋네요", "서비스가 너무 나빴어요", "커피 한 잔 주세요"],
    "German compounds": ["Donaudampfschifffahrtsgesellschaft tagt heute", "Das Wetter ist schön"],
    "English about Chinese": ["The sign said 出口 and we left", "How do you say 谢谢 in Thai?"],
}


@pytest.mark.parametrize("name", TOGETHER)
def test_scripts_without_spaces_get_characters(name: str) -> None:
    assert words_run_together(TOGETHER[name])
    spec = FeatureSpec.for_texts(TOGETHER[name])
    assert (spec.analyser, spec.shortest, spec.longest) == ("char", 1, 3)


@pytest.mark.parametrize("name", APART)
def test_scripts_with_spaces_get_words(name: str) -> None:
    assert not words_run_together(APART[name])
    assert FeatureSpec.for_texts(APART[name]).analyser == "word"


def test_a_file_sorted_by_language_is_judged_by_all_of_it() -> None:
    few = APART["English"] * (LOOKED_AT // 3)
    assert words_run_together([*few, *TOGETHER["Chinese"] * (6 * LOOKED_AT)])
