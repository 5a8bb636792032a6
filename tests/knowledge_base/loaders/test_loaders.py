"""Files to documents: identity, front matter, what a regulation says of itself, and files that lie about their type."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest

from knowledge_base.errors import LoadError
from knowledge_base.loaders import LOADERS, MAX_FILE_BYTES, document_from_bytes, file_types, iter_documents, load_document
from knowledge_base.types import Document, Kind, Statement, WaysOfAsking

CORPUS_FILE = """---
id: nv-zhigong-tebie-guiding
kind: policy
title: 女职工劳动保护特别规定
short_titles: [特别规定, 女职工特别规定]
issuer: 国务院
doc_no: 国务院令第619号
issued: 2012-04-28
effective: 2012-04
expires:
status: 现行
region: 全国
topic: 女职工特殊保护
supersedes: [nv-zhigong-guiding-1988]
---
# 女职工劳动保护特别规定

## 第七条 产假天数

> 问法：产假有多少天？｜生娃儿能耍好久

- 女职工生育享受98天产假。[^NZG-007]
"""

REGULATION = """# 某某保护规定

2012年4月18日 国务院第200次常务会议通过

2012年4月28日 中华人民共和国国务院令第619号公布

第一条 为了保护女职工健康，制定本规定。

第二条 用人单位及其女职工，适用本规定。

第三条 本规定自公布之日起施行。
"""


def loaded(text: str, name: str = "文件.md") -> Document:
    return document_from_bytes(text.encode(), name)


def regulation(history: str, last: str = "本法自2021年1月1日起施行。", title: str = "# 中华人民共和国某某法") -> Document:
    return loaded(f"{title}\n\n{history}\n\n第一条 为了保护职工，制定本法。\n\n第二条 职工适用本法。\n\n第三条 {last}\n")


class TestCorpusFormat:
    def test_every_field_of_the_front_matter_is_in_the_document(self) -> None:
        document = loaded(CORPUS_FILE)

        assert (document.slug, document.kind, document.title) == ("nv-zhigong-tebie-guiding", Kind.POLICY, "女职工劳动保护特别规定")
        assert (document.issuer, document.doc_no, document.issued) == ("国务院", "国务院令第619号", "2012-04-28")
        assert (document.effective, document.expires, document.status) == ("2012-04", "", "现行")
        assert (document.region, document.topic) == ("全国", "女职工特殊保护")
        assert document.short_titles == ("特别规定", "女职工特别规定")
        assert document.supersedes == ("nv-zhigong-guiding-1988",)

    def test_sources_and_ways_of_asking_are_kept_apart_from_the_text(self) -> None:
        document = loaded(CORPUS_FILE)

        assert "[^" not in document.text
        assert "问法" not in document.text
        (statement,) = document.statements
        assert statement == Statement(statement.start, statement.end, ("NZG-007",))
        assert document.text[statement.start : statement.end] == "女职工生育享受98天产假。"
        assert document.asks == (WaysOfAsking(document.text.index("## 第七条"), ("产假有多少天？", "生娃儿能耍好久")),)

    def test_what_a_guide_and_a_lesson_state_is_kept(self) -> None:
        stated = "id: gd-a\nkind: guide\ntitle: 挨打\nurgent: violence\ndepends_on: [地区, 日期]\n"
        guide = loaded(f"---\n{stated}---\n## 答\n\n> 不是（A）：领导骂我→无\n\n打110。[^A-1]\n")
        lesson = loaded("---\nid: ke-a\nkind: training\nform: lesson\nminutes: 10\nnext: [ke-b]\n---\n正文。[^A-1]\n")

        assert (guide.kind, guide.urgent, guide.depends_on) == (Kind.GUIDE, "violence", ("地区", "日期"))
        assert [(m.text, m.belongs, m.writer) for m in guide.near_misses] == [("领导骂我", "", "A")]
        assert (lesson.form, lesson.minutes, lesson.next) == ("lesson", "10", ("ke-b",))

    def test_the_fields_of_a_case_are_kept(self) -> None:
        stated = "id: al-a\nkind: case\ntitle: 某工作室\norg: 某公司\nlead: 张某\ntechnology: [视觉检测, RPA]\nas_of: 2024-10\n"
        document = loaded(f"---\n{stated}---\n正文。[^K1]\n")

        assert document.case == {"org": "某公司", "lead": "张某", "technology": "视觉检测、RPA", "as_of": "2024-10"}

    @pytest.mark.parametrize(
        ("front", "reason"),
        [("id: 中文\nkind: policy", "id“中文”"), ("id: a\nkind: 政策", r"kind“政策”.*policy"), ("id: [a\nkind: policy", "YAML")],
    )
    def test_a_malformed_front_matter_is_refused_with_the_field(self, front: str, reason: str) -> None:
        with pytest.raises(LoadError, match=reason):
            loaded(f"---\n{front}\n---\n正文。\n")

    def test_front_matter_of_other_markdown_fills_the_fields_it_names(self) -> None:
        document = loaded("---\ntitle: 直播入门\nlevel: 入门\naudience: [主播, 店员]\n---\n# 第一课\n\n先认识手机。\n")

        assert (document.title, document.level, document.audience) == ("直播入门", "入门", ("主播", "店员"))
        assert (document.kind, document.text) == (Kind.TRAINING, "# 第一课\n\n先认识手机。")


class TestIdentity:
    def test_the_same_file_gives_the_same_id(self) -> None:
        assert loaded(REGULATION).doc_id == loaded(REGULATION).doc_id

    @pytest.mark.parametrize("change", [("98天", "128天"), ("现行", "已失效"), ("NZG-007", "NZG-008"), ("｜生娃儿", "｜生孩子")])
    def test_any_change_gives_another_id_under_the_same_slug(self, change: tuple[str, str]) -> None:
        before, after = loaded(CORPUS_FILE), loaded(CORPUS_FILE.replace(*change))

        assert before.slug == after.slug
        assert before.doc_id != after.doc_id

    def test_a_file_name_becomes_pinyin(self) -> None:
        document = loaded("工会章程", "女职工 权益（2024）.txt")

        assert re.fullmatch(r"nv-zhi-gong-quan-yi-2024-[0-9a-f]{6}", document.slug)

    @pytest.mark.parametrize("name", ["很长的文件名" * 30 + ".txt", "😀.txt", "..txt", "A" * 200 + ".md", "ことば_é.txt"])
    def test_an_odd_file_name_gives_an_id_of_safe_characters(self, name: str) -> None:
        document = loaded("女职工生育享受98天产假", name)

        assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", document.doc_id)
        assert re.fullmatch(r"[a-z0-9-]{1,40}-[0-9a-f]{6}", document.slug)

    def test_files_with_one_name_in_two_folders_have_different_ids(self, tmp_path: Path) -> None:
        for folder in ("四川", "陕西"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "产假.txt").write_text("产假规定", encoding="utf-8")

        first, second = (document for _, document in iter_documents([tmp_path]) if isinstance(document, Document))

        assert first.slug != second.slug

    def test_the_location_of_the_folder_does_not_matter(self, tmp_path: Path) -> None:
        ids = []
        for place in ("一", "二"):
            (tmp_path / place).mkdir()
            (tmp_path / place / "产假.txt").write_text("产假规定", encoding="utf-8")
            ids.append(load_document(tmp_path / place / "产假.txt", root=tmp_path / place).doc_id)

        assert ids[0] == ids[1]

    def test_every_field_counts_for_the_id(self) -> None:
        counted = {field.name for field in dataclasses.fields(Document)} - {"doc_id"}
        before = loaded(REGULATION)

        assert counted >= {"text", "statements", "asks", "case", "slug", "status"}
        assert before.doc_id.startswith(f"{before.slug}.")


class TestTitle:
    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("# **直播\\[入门\\]**\n\n正文", "直播[入门]"),
            ("关于开展培训的通知\n\n各单位：请报名。", "关于开展培训的通知"),
            ("关于开展培训的通知\n\n# 一、时间\n\n# 二、地点\n", "关于开展培训的通知"),
            ("<!-- 注 -->\n\n## 第二级标题\n\n正文", "第二级标题"),
            ("这一行是很长的正文，" * 10, "培训材料"),
            ("女职工生育享受产假。", "培训材料"),
            ("# 中华人民共和国某某法1992年4月3日 第七届全国人民代表大会" + "第五次会议通过" * 9, "中华人民共和国某某法"),
        ],
    )
    def test_it_is_the_first_heading_or_a_short_first_line_or_the_name(self, text: str, title: str) -> None:
        assert loaded(text, "培训材料.txt").title == title


class TestRegulation:
    def test_it_says_who_issued_it_when_and_under_which_number(self) -> None:
        document = loaded(REGULATION)

        assert document.kind is Kind.POLICY
        assert (document.issuer, document.doc_no, document.region) == ("国务院", "国务院令第619号", "全国")
        assert (document.issued, document.effective, document.status) == ("2012-04-28", "2012-04-28", "")

    def test_the_last_amendment_is_the_date_of_issue(self) -> None:
        document = regulation(
            "1992年4月3日 第七届全国人民代表大会第五次会议通过\n\n"
            "2018年10月26日 第十三届全国人民代表大会常务委员会第六次会议《关于修改〈某某法〉等十五部法律的决定》第二次修正"
        )

        assert (document.issued, document.issuer) == ("2018-10-26", "全国人民代表大会常务委员会")
        assert (document.effective, document.doc_no) == ("2021-01-01", "")

    def test_history_in_brackets_on_one_line_is_read_too(self) -> None:
        document = regulation(
            "（2007年12月7日国务院第198次常务会议通过　2007年12月14日中华人民共和国国务院令第514号公布　自2008年1月1日起施行）"
        )

        assert (document.issued, document.effective, document.doc_no) == ("2007-12-14", "2008-01-01", "国务院令第514号")

    def test_a_book_of_the_civil_code_is_named_with_the_code(self) -> None:
        document = regulation(
            "# 总则\n\n2020年5月28日 第十三届全国人民代表大会第三次会议通过\n\n2021年1月1日 施行",
            "没有规定的除外。",
            "# 中华人民共和国民法典",
        )

        assert document.title == "中华人民共和国民法典（总则）"
        assert (document.issued, document.effective, document.issuer) == ("2020-05-28", "2021-01-01", "全国人民代表大会")

    def test_a_provincial_congress_gives_its_province(self) -> None:
        document = regulation("2021年9月29日 四川省第十三届人民代表大会常务委员会第三十次会议修正")

        assert (document.issuer, document.region) == ("四川省人民代表大会常务委员会", "四川省")

    def test_a_ministry_that_passed_it_is_not_said_to_have_published_it(self) -> None:
        document = regulation("2008年7月17日 经人力资源和社会保障部第6次部务会议通过", "本办法自发布之日起施行")

        assert (document.issuer, document.issued, document.effective) == ("人力资源和社会保障部", "2008-07-17", "")

    def test_what_is_not_stated_stays_empty(self) -> None:
        document = regulation("", "本条例由人力资源社会保障部门解释。", "# 某某条例")

        assert document.kind is Kind.POLICY
        assert (document.issuer, document.doc_no, document.issued, document.effective, document.region) == ("", "", "", "", "")

    def test_dates_inside_clauses_are_not_history(self) -> None:
        document = regulation("", "本规定自公布之日起施行。1988年7月21日国务院发布的《女职工劳动保护规定》同时废止。", "# 某某规定")

        assert (document.issued, document.issuer, document.effective) == ("", "", "")

    def test_an_impossible_date_is_not_taken(self) -> None:
        assert regulation("2012年13月40日 第七届全国人民代表大会第五次会议通过").issued == ""

    def test_a_document_number_on_a_line_of_its_own_is_read(self) -> None:
        document = regulation("川人社发〔2024〕12号\n\n各市（州）人力资源和社会保障局：", title="# 关于印发某某办法的通知")

        assert document.doc_no == "川人社发〔2024〕12号"

    def test_a_traditional_text_is_a_policy_too(self) -> None:
        document = loaded(
            "# 工會法\n\n2021年12月24日 第十三屆全國人民代表大會常務委員會第三十二次會議修正\n\n"
            "第一條 為保障工會地位。\n\n第二條 工會是組織。\n\n第三條 職工適用本法。\n"
        )

        assert (document.kind, document.issuer, document.issued) == (Kind.POLICY, "全国人民代表大会常务委员会", "2021-12-24")
        assert document.title == "工會法"

    def test_ordinary_text_is_training_and_a_given_kind_wins(self) -> None:
        assert loaded("直播前先看产品说明。").kind is Kind.TRAINING
        assert document_from_bytes("直播前先看产品说明。".encode(), "a.txt", kind=Kind.CASE).kind is Kind.CASE


class TestFileTypes:
    def test_a_word_file_named_txt_is_read_as_word(self) -> None:
        assert document_from_bytes(word("女职工生育享受98天产假"), "材料.txt").text == "女职工生育享受98天产假"

    def test_a_word_file_named_doc_is_read_as_word(self) -> None:
        assert document_from_bytes(word("产假98天"), "材料.doc").text == "产假98天"

    @pytest.mark.parametrize("suffix", [".pdf", ".docx", ".xlsx", ".pptx"])
    def test_text_under_a_wrong_name_is_read_as_text(self, suffix: str) -> None:
        assert document_from_bytes("女职工生育享受98天产假".encode("gbk"), f"材料{suffix}").text == "女职工生育享受98天产假"

    def test_a_web_page_named_xls_is_read_as_a_web_page(self) -> None:
        page = "<html><body><table><tr><td>项目</td><td>金额</td></tr><tr><td>补贴</td><td>1</td></tr></table></body></html>"

        assert "| 补贴 | 1 |" in document_from_bytes(page.encode("gbk"), "补贴.xls").text

    @pytest.mark.parametrize("name", ["旧.doc", "旧.xls", "旧.ppt", "旧.wps", "旧.docx", "旧.txt"])
    def test_legacy_office_is_refused_with_what_to_do(self, name: str) -> None:
        with pytest.raises(LoadError, match="请另存为 docx"):
            document_from_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), name)

    def test_an_encrypted_office_file_is_refused_as_such(self) -> None:
        data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")

        with pytest.raises(LoadError, match="密码"):
            document_from_bytes(data, "密.docx")

    @pytest.mark.parametrize(
        ("data", "reason"),
        [(b"\x89PNG\r\n\x1a\n\0\0", "图片"), (b"PK\x03\x04broken", "已损坏"), (b"Rar!\x1a\x07\0", "压缩包"), (b"\0\1\2\3\xff", "docx")],
    )
    def test_other_content_is_refused_by_what_it_is(self, data: bytes, reason: str) -> None:
        with pytest.raises(LoadError, match=reason):
            document_from_bytes(data, "材料.docx")

    def test_an_archive_is_refused(self) -> None:
        with pytest.raises(LoadError, match="压缩包"):
            document_from_bytes(archive({"说明.txt": b"x"}), "材料.docx")

    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file, file.open("word/document.xml", "w") as part:
            for _ in range(file_types.MAX_UNPACKED_BYTES // 2**20 + 1):
                part.write(bytes(2**20))
        bomb = buffer.getvalue()

        assert len(bomb) < 1_000_000
        with pytest.raises(LoadError, match="解压后有 301 MB"):
            document_from_bytes(bomb, "材料.docx")

    def test_an_unknown_suffix_is_refused_and_the_known_ones_are_named(self) -> None:
        with pytest.raises(LoadError, match=r"“\.mp4”.*\.md、.*\.pptx"):
            document_from_bytes(b"x", "课.mp4")

    @pytest.mark.parametrize("suffix", sorted(LOADERS))
    @pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\ufeff　\n".encode()])
    def test_an_empty_file_is_refused(self, suffix: str, data: bytes) -> None:
        with pytest.raises(LoadError, match=r"空|没有文字"):
            document_from_bytes(data, f"空{suffix}")

    def test_a_suffix_in_capitals_is_known(self) -> None:
        assert document_from_bytes("产假".encode(), "A.TXT").text == "产假"

    @pytest.mark.parametrize("suffix", sorted(LOADERS))
    def test_a_cut_off_file_of_any_kind_gives_text_or_a_reason(self, suffix: str) -> None:
        whole = word("女职工生育享受98天产假")
        for end in range(1, len(whole), len(whole) // 25):
            with contextlib.suppress(LoadError):
                assert document_from_bytes(whole[:end], f"断{suffix}").text


class TestFolders:
    def test_one_bad_file_stops_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "一.txt").write_text("产假98天", encoding="utf-8")
        (tmp_path / "二.docx").write_bytes(b"PK\x03\x04broken")
        (tmp_path / "三.md").write_text("# 哺乳时间\n\n每天1小时。", encoding="utf-8")

        found = dict(iter_documents([tmp_path]))

        assert {path.name: type(result) for path, result in found.items()} == {"一.txt": Document, "三.md": Document, "二.docx": LoadError}

    def test_folders_are_read_deep_and_in_order_without_what_is_no_document(self, tmp_path: Path) -> None:
        (tmp_path / "乙" / "丙").mkdir(parents=True)
        (tmp_path / ".git").mkdir()
        for name in (
            "b.txt",
            "a.txt",
            "乙/c.md",
            "乙/丙/d.txt",
            "README.md",
            "CATALOG.md",
            "WANTED.md",
            ".hidden.md",
            "~$a.docx",
            "x.yaml",
            "s.jsonl",
        ):
            (tmp_path / name).write_text("产假", encoding="utf-8")
        (tmp_path / ".git" / "e.txt").write_text("产假", encoding="utf-8")

        assert [path.relative_to(tmp_path).as_posix() for path, _ in iter_documents([tmp_path])] == [
            "a.txt",
            "b.txt",
            "乙/c.md",
            "乙/丙/d.txt",
        ]

    def test_a_file_that_is_named_is_read_whatever_it_is_called(self, tmp_path: Path) -> None:
        (tmp_path / "README.md").write_text("# 说明\n\n产假", encoding="utf-8")

        ((_, document),) = iter_documents([tmp_path / "README.md"])

        assert isinstance(document, Document)

    def test_a_file_met_twice_is_given_once(self, tmp_path: Path) -> None:
        (tmp_path / "一.txt").write_text("产假98天", encoding="utf-8")

        assert len(list(iter_documents([tmp_path, tmp_path / "一.txt"]))) == 1

    def test_a_file_that_has_gone_gives_a_reason(self, tmp_path: Path) -> None:
        ((path, reason),) = iter_documents([tmp_path / "没有.txt"])

        assert path.name == "没有.txt"
        assert isinstance(reason, LoadError)
        assert "打不开文件" in str(reason)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
    def test_a_file_without_permission_gives_a_reason(self, tmp_path: Path) -> None:
        (tmp_path / "密.txt").write_text("产假", encoding="utf-8")
        (tmp_path / "密.txt").chmod(0)

        ((_, reason),) = iter_documents([tmp_path])

        assert isinstance(reason, LoadError)

    def test_a_file_over_the_limit_is_refused_unread(self, tmp_path: Path) -> None:
        with (tmp_path / "大.txt").open("wb") as file:
            file.truncate(MAX_FILE_BYTES + 1)

        with pytest.raises(LoadError, match="超过 50 MB"):
            load_document(tmp_path / "大.txt")


def test_importing_the_loaders_imports_no_parser() -> None:
    code = "import sys, knowledge_base.loaders; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    heavy = {"docx", "pptx", "openpyxl", "pypdfium2", "bs4", "lxml", "pypinyin", "charset_normalizer", "langchain_text_splitters"}
    assert not heavy & set(done.stdout.split())


def word(text: str) -> bytes:
    file = docx.Document()
    file.add_paragraph(text)
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()
