"""Finding a file's encoding, and saying so."""

from __future__ import annotations

import pytest

from lossviz.data.files.encoding import decode
from lossviz.errors import LossVizError

WESTERN = "text,label\nUn café très agréable,bon\nDas Öl ist für uns zu heiß,mau\n" * 5
RUSSIAN = (
    "text,label\nЭто был очень хороший фильм и мы смеялись,да\nСкучная история о войне,нет\n" * 20
)
ARABIC = "text,label\nكان هذا الفيلم جميلا جدا وقد أعجبنا كثيرا,نعم\nقصة مملة عن الحرب,لا\n" * 20
JAPANESE = "text,label\nこの映画はとても面白かったです。,良い\n退屈な話でした。,悪い\n" * 20


@pytest.mark.parametrize("text", [WESTERN, RUSSIAN, ARABIC, JAPANESE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_files_are_read_for_sure(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding), "f")
    assert decoded.text == text
    assert decoded.encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_recognised_by_its_zero_bytes(encoding: str) -> None:
    assert decode(WESTERN.encode(encoding), "f").text == WESTERN


def test_western_bytes_are_latin_1_and_the_note_says_why() -> None:
    decoded = decode(WESTERN.encode("latin-1"), "f")
    assert decoded.text == WESTERN
    assert decoded.encoding == "latin-1"
    assert "not UTF-8 (byte 0xe9 in line 2)" in decoded.note
    assert "choose the encoding" in decoded.note


def test_curly_quotes_of_windows_are_windows_1252() -> None:
    text = WESTERN + "“quoted”,bon – mau\n"
    decoded = decode(text.encode("cp1252"), "f")
    assert (decoded.text, decoded.encoding) == (text, "cp1252")


def test_a_byte_that_windows_1252_lacks_makes_it_latin_1() -> None:
    assert decode(WESTERN.encode("latin-1") + b"\x81", "f").encoding == "latin-1"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (ARABIC, "cp1256"), (JAPANESE, "euc_jp")],
)
def test_other_scripts_are_guessed_from_their_letters(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding), "f")
    assert decoded.text == text
    assert "a guess" in decoded.note


def test_the_chosen_encoding_wins() -> None:
    assert decode(WESTERN.encode("cp1252"), "f", "cp437").text != WESTERN
    assert decode(WESTERN.encode("utf-8-sig"), "f", "UTF8").text == WESTERN


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13"])
def test_an_encoding_that_is_none_is_refused(encoding: str) -> None:
    with pytest.raises(LossVizError, match=f"'{encoding}' is not an encoding"):
        decode(b"a,b", "f", encoding)


def test_a_chosen_encoding_that_does_not_fit_names_the_byte_and_the_line() -> None:
    with pytest.raises(LossVizError, match="f is not utf-8: byte 0xe9 in line 2"):
        decode(WESTERN.encode("latin-1"), "f", "utf-8")


def test_a_few_wrong_bytes_in_utf_8_are_shown_and_counted() -> None:
    content = JAPANESE.encode() + "日本".encode()[:-1] + b",\xff\n"
    decoded = decode(content, "f")
    assert decoded.text == JAPANESE + "日�,�\n"
    assert decoded.encoding == "utf-8"
    assert "2 byte(s) in it are not, the first in line 61" in decoded.note
    assert decode(content, "f", "utf-8").text == decoded.text


def test_replacement_characters_of_the_file_itself_are_not_counted() -> None:
    content = (JAPANESE + "���,a\n").encode()
    assert "every byte fits" in decode(content, "f").note
    assert "1 byte(s)" in decode(content + b"\xff", "f").note


def test_a_utf_16_file_cut_in_the_middle_is_read() -> None:
    decoded = decode(RUSSIAN.encode("utf-16")[:-1], "f")
    assert decoded.text == RUSSIAN[:-1] + "�"
    assert "1 byte(s)" in decoded.note


@pytest.mark.parametrize("position", [5, (1 << 20) - 1, 1 << 20, (1 << 20) + 7, 3_000_000])
def test_a_wrong_byte_is_found_wherever_it_stands(position: int) -> None:
    content = bytearray(b"some text,A\n" * (1 << 18))
    content[position] = 0xE9
    line = bytes(content[:position]).count(b"\n") + 1
    assert f"byte 0xe9 in line {line:,}" in decode(bytes(content), "f").note
