"""One loader a format: what a person sees in the file is what stands in the text, and nothing else."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pptx
import pypdfium2 as pdfium
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx.util import Inches

from knowledge_base.errors import LoadError
from knowledge_base.loaders import LOADERS, document_from_bytes

W = nsdecls("w")


def load(data: bytes, suffix: str) -> str:
    return LOADERS[suffix](data, f"文件{suffix}").text


def saved(file: object) -> bytes:
    buffer = io.BytesIO()
    file.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


class TestMarkdown:
    def test_underlined_headings_become_hash_headings(self) -> None:
        text = load("女职工权益\n=====\n\n产假\n---\n\n九十八天。\n".encode(), ".md")

        assert text == "# 女职工权益\n\n## 产假\n\n九十八天。"

    def test_a_rule_below_a_sentence_is_no_heading(self) -> None:
        text = load("产假九十八天。\n---\n难产另加。\n".encode(), ".md")

        assert "#" not in text

    def test_code_fences_are_left_alone(self) -> None:
        text = load("```\n标题\n===\n```\n".encode(), ".md")

        assert "标题\n===" in text

    def test_a_table_of_thirty_rows_stays_a_table(self) -> None:
        text = load(markdown_table(30).encode(), ".md")

        assert text.count("\n| 第") == 30

    def test_a_longer_table_becomes_lines_that_keep_their_column_names(self) -> None:
        text = load(markdown_table(31).encode(), ".md")

        assert "情形：第31种；天数：31天" in text.split("\n")
        assert "|" not in text

    def test_front_matter_that_is_none_stays_text(self) -> None:
        text = load("---\n各位姐妹：\n\n产假是九十八天。\n\n---\n工会\n".encode(), ".md")

        assert "各位姐妹" in text
        assert "工会" in text


def markdown_table(rows: int) -> str:
    return "| 情形 | 天数 |\n| --- | --- |\n" + "".join(f"| 第{i}种 | {i}天 |\n" for i in range(1, rows + 1))


class TestHtml:
    def test_scripts_navigation_and_hidden_text_are_left_out(self) -> None:
        page = (
            "<html><head><title>产假规定_某某网</title><style>p{}</style></head><body><nav>首页 | 登录</nav><script>alert('弹窗')</script>"
            "<p>女职工生育享受98天产假。</p><p hidden>看不见一</p><div style='display: none'>看不见二</div><p aria-hidden=true>看不见三</p>"
            "<!-- 看不见四 --><noscript>看不见五</noscript><footer>版权所有</footer></body></html>"
        )

        loaded = LOADERS[".html"](page.encode(), "a.html")

        assert loaded.text == "女职工生育享受98天产假。"
        assert loaded.title == "产假规定"

    def test_headings_lists_and_line_breaks_keep_their_form(self) -> None:
        page = (
            "<h1>申领 补贴</h1><h2>要交的材料</h2><ul><li>身份证</li><li><p>证书</p></li></ul>"
            "<ol><li>登录</li><li>提交</li></ol><p>一<br>二</p>"
        )

        assert load(page.encode(), ".html") == "# 申领 补贴\n\n## 要交的材料\n\n- 身份证\n- 证书\n1. 登录\n2. 提交\n\n一\n二"

    def test_source_lines_are_joined_without_a_space_in_chinese(self) -> None:
        page = "<p>女职工生育享受98天\n   产假，其中产前\n 可以休假 15 天。See\nWord.</p>"

        assert load(page.encode(), ".html") == "女职工生育享受98天产假，其中产前可以休假 15 天。See Word."

    def test_a_table_is_written_below_its_caption_with_spans_filled(self) -> None:
        page = (
            "<table><caption>产假天数</caption><tr><th>情形</th><th>天数</th><th>依据</th></tr>"
            "<tr><td>生育</td><td>98</td><td rowspan=2>第七条</td></tr><tr><td>难产|多胞胎</td><td>15</td></tr>"
            "<tr><td colspan=2>流产</td><td>第七条第二款</td></tr></table>"
        )

        assert load(page.encode(), ".html") == (
            "产假天数\n\n| 情形 | 天数 | 依据 |\n| --- | --- | --- |\n| 生育 | 98 | 第七条 |\n| 难产\\|多胞胎 | 15 | 第七条 |\n"
            "| 流产 | 流产 | 第七条第二款 |"
        )

    def test_a_table_that_only_lays_out_the_page_is_read_as_text(self) -> None:
        page = "<table><tr><td><h1>通知</h1><p>各单位：</p><table><tr><td>项目</td><td>金额</td></tr></table></td></tr></table>"

        assert load(page.encode(), ".html") == "# 通知\n\n各单位：\n\n| 项目 | 金额 |\n| --- | --- |"

    @pytest.mark.parametrize("real", ["gb18030", "utf-8", "utf-16"])
    @pytest.mark.parametrize("declared", ["gb2312", "utf-8", "iso-8859-1"])
    def test_the_declared_charset_may_be_wrong(self, real: str, declared: str) -> None:
        page = (
            f'<html><head><meta charset="{declared}"></head><body><p>女职工生育享受98天产假，工会依法维护职工合法权益。</p></body></html>'
        )

        assert load(page.encode(real), ".html") == "女职工生育享受98天产假，工会依法维护职工合法权益。"

    def test_an_xhtml_prolog_raises_no_warning(self) -> None:
        page = '<?xml version="1.0" encoding="gbk"?><!DOCTYPE html><html><body><p>工会</p></body></html>'

        assert load(page.encode("gbk"), ".html") == "工会"


class TestDocx:
    def test_headings_tables_and_text_stand_in_their_order(self) -> None:
        file = docx.Document()
        file.sections[0].header.paragraphs[0].text = "页眉：某某工会"
        file.sections[0].footer.paragraphs[0].text = "第 1 页"
        file.add_heading("女职工权益手册", level=0)
        file.add_heading("产假", level=1)
        file.add_paragraph("表一 产假天数")
        table = file.add_table(rows=3, cols=2)
        for row, (case, days) in zip(table.rows, [("情形", "天数"), ("生育", "98天"), ("难产", "增加15天")], strict=True):
            row.cells[0].text, row.cells[1].text = case, days
        file.add_heading("哺乳", level=2)
        file.add_paragraph("每天1小时。")

        assert load(saved(file), ".docx") == (
            "# 女职工权益手册\n\n## 产假\n\n表一 产假天数\n\n| 情形 | 天数 |\n| --- | --- |\n| 生育 | 98天 |\n| 难产 | 增加15天 |\n\n"
            "### 哺乳\n\n每天1小时。"
        )

    def test_a_chinese_heading_style_and_an_outline_level_are_headings(self) -> None:
        file = docx.Document()
        file.styles.add_style("标题 2", 1)
        file.add_paragraph("申领条件", style="标题 2")
        paragraph = file.add_paragraph("办理流程")
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="0"/>'))

        assert load(saved(file), ".docx") == "## 申领条件\n\n# 办理流程"

    def test_merged_cells_are_filled(self) -> None:
        file = docx.Document()
        table = file.add_table(rows=3, cols=2)
        for index, text in enumerate(["情形", "天数", "生育", "98天", "", "15天"]):
            table.cell(index // 2, index % 2).text = text
        table.cell(1, 0).merge(table.cell(2, 0))

        assert "| 生育 | 98天 |\n| 生育 | 15天 |" in load(saved(file), ".docx")

    def test_a_table_of_more_than_thirty_rows_becomes_lines(self) -> None:
        file = docx.Document()
        table = file.add_table(rows=32, cols=2)
        for index, row in enumerate(table.rows):
            row.cells[0].text, row.cells[1].text = ("岗位", "补贴") if index == 0 else (f"岗位{index}", f"{index}元")

        lines = load(saved(file), ".docx").split("\n")

        assert len(lines) == 31
        assert lines[-1] == "岗位：岗位31；补贴：31元"

    def test_deleted_and_hidden_text_is_out_and_inserted_text_in(self) -> None:
        file = docx.Document()
        paragraph = file.add_paragraph("产假")._p
        paragraph.append(parse_xml(f"<w:del {W}><w:r><w:delText>90</w:delText></w:r></w:del>"))
        paragraph.append(parse_xml(f"<w:ins {W}><w:r><w:t>98</w:t></w:r></w:ins>"))
        paragraph.append(parse_xml(f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>（内部）</w:t></w:r>"))
        paragraph.append(parse_xml(f"<w:r {W}><w:t>天。</w:t></w:r>"))

        assert load(saved(file), ".docx") == "产假98天。"

    def test_clause_numbers_that_word_counts_are_written_out(self) -> None:
        file = docx.Document()
        numbering = file.part.numbering_part.element
        numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum {W} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
                '<w:lvlText w:val="第%1条"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
                '<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
            ),
        )
        numbering.append(parse_xml(f'<w:num {W} w:numId="78"><w:abstractNumId w:val="77"/></w:num>'))
        for level, text in ((0, "为了保护女职工，制定本办法。"), (0, "本办法适用于："), (1, "企业；"), (1, "机关。"), (0, "本办法施行。")):
            properties = file.add_paragraph(text)._p.get_or_add_pPr()
            properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="78"/></w:numPr>'))

        assert load(saved(file), ".docx").split("\n\n") == [
            "第一条 为了保护女职工，制定本办法。",
            "第二条 本办法适用于：",
            "（一） 企业；",
            "（二） 机关。",
            "第三条 本办法施行。",
        ]

    def test_text_in_a_content_control_is_read_and_a_table_of_contents_is_not(self) -> None:
        file = docx.Document()
        body = file.element.body
        body.insert(
            0,
            parse_xml(
                f'<w:sdt {W}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
                "<w:sdtContent><w:p><w:r><w:t>第一章……1</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            ),
        )
        body.insert(1, parse_xml(f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>申请人：某某</w:t></w:r></w:p></w:sdtContent></w:sdt>"))

        assert load(saved(file), ".docx") == "申请人：某某"

    def test_a_file_whose_styles_are_no_styles_is_refused(self) -> None:
        with zipfile.ZipFile(io.BytesIO(saved(docx.Document()))) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"wordprocessingml.styles+xml", b"wordprocessingml.other+xml")

        with pytest.raises(LoadError, match="Word 文件已损坏"):
            load(zipped(parts), ".docx")

    def test_a_broken_file_is_refused_with_advice(self) -> None:
        with pytest.raises(LoadError, match=r"Word 文件已损坏.*另存"):
            load(zipped({"word/document.xml": b"<w:document"}), ".docx")


class TestXlsx:
    def test_every_row_keeps_its_column_names(self) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "产假"
        for row in (["情形", "天数", "比例", "施行"], ["生育", 98, 0.7, dt.datetime(2012, 4, 28)], [None] * 4, ["难产", 15.0, None, None]):
            sheet.append(row)
        sheet["C2"].number_format = "0%"

        assert load(saved(book), ".xlsx") == "## 产假\n\n情形：生育；天数：98；比例：70%；施行：2012-04-28\n情形：难产；天数：15"

    def test_merged_cells_are_filled_and_a_merged_line_is_said_once(self) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in (["2025年补贴标准"], ["工种", "等级", "金额"], ["育婴员", "五级", 1000], [None, "四级", 1500], ["以上金额以文件为准"]):
            sheet.append(row)
        for merged in ("A1:C1", "A3:A4", "A5:C5"):
            sheet.merge_cells(merged)

        assert load(saved(book), ".xlsx").split("\n") == [
            "2025年补贴标准",
            "工种：育婴员；等级：五级；金额：1000",
            "工种：育婴员；等级：四级；金额：1500",
            "以上金额以文件为准",
        ]

    def test_a_header_of_two_rows_names_both(self) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in (["情形", "天数", None], [None, "国家", "四川"], ["生育", 98, 158]):
            sheet.append(row)
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

        assert load(saved(book), ".xlsx") == "情形：生育；天数/国家：98；天数/四川：158"

    def test_hidden_sheets_and_formulas_without_a_value_are_left_out(self) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in (["项目", "合计"], ["补贴", "=SUM(1,2)"]):
            sheet.append(row)
        hidden = book.create_sheet("内部")
        hidden.append(["不公开", "数字"])
        hidden.sheet_state = "hidden"

        assert load(saved(book), ".xlsx") == "项目：补贴"

    def test_the_title_is_the_name_of_the_file(self) -> None:
        book = openpyxl.Workbook()
        book.active.append(["项目", "金额"])
        book.active.append(["补贴", 1])

        assert document_from_bytes(saved(book), "补贴标准.xlsx").title == "补贴标准"

    def test_a_sheet_formatted_to_the_last_row_is_refused_with_advice(self) -> None:
        book = openpyxl.Workbook()
        book.active.append(["项目", "金额"])
        book.active.cell(1_000_000, 16).value = "完"

        with pytest.raises(LoadError, match="删去多余的空白行列"):
            load(saved(book), ".xlsx")

    def test_a_broken_file_is_refused_with_advice(self) -> None:
        with pytest.raises(LoadError, match=r"Excel 文件已损坏.*另存"):
            load(zipped({"xl/workbook.xml": b"<workbook"}), ".xlsx")


class TestCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
    def test_the_delimiter_and_the_encoding_are_found(self, delimiter: str, encoding: str) -> None:
        table = "\r\n".join(delimiter.join(row) for row in (["部门", "姓名", "电话"], ["女职工委员会", "张某", "028-00000000"]))

        assert load(table.encode(encoding), ".csv") == "部门：女职工委员会；姓名：张某；电话：028-00000000"

    def test_a_comma_inside_quotation_marks_does_not_cut(self) -> None:
        assert load('项目,说明\n补贴,"先培训,后申领\n再领取"\n'.encode(), ".csv") == "项目：补贴；说明：先培训,后申领再领取"

    def test_a_file_of_figures_alone_has_no_header(self) -> None:
        assert load(b"1,2\n3,4\n", ".csv") == "1；2\n3；4"


class TestPptx:
    def test_slides_give_headings_text_tables_and_notes(self) -> None:
        file = pptx.Presentation()
        first = file.slides.add_slide(file.slide_layouts[1])
        first.shapes.title.text, first.placeholders[1].text = "女职工权益", "产假98天\n难产增加15天"
        second = file.slides.add_slide(file.slide_layouts[5])
        second.shapes.title.text = "天数"
        table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
        for index, text in enumerate(["情形", "天数", "生育", "98天"]):
            table.cell(index // 2, index % 2).text = text
        second.notes_slide.notes_text_frame.text = "讲到第七条"
        hidden = file.slides.add_slide(file.slide_layouts[1])
        hidden.shapes.title.text = "内部资料"
        hidden.element.set("show", "0")

        assert load(saved(file), ".pptx") == (
            "# 女职工权益\n\n产假98天\n难产增加15天\n\n## 天数\n\n| 情形 | 天数 |\n| --- | --- |\n| 生育 | 98天 |\n\n备注：讲到第七条"
        )

    def test_a_broken_file_is_refused_with_advice(self) -> None:
        with pytest.raises(LoadError, match=r"PPT 文件已损坏.*另存"):
            load(zipped({"ppt/presentation.xml": b"<p"}), ".pptx")


class TestPdf:
    def test_lines_that_the_page_broke_are_joined_without_a_space(self) -> None:
        page = [
            "第七条 女职工生育享受98天产假，其中产前可以休假",
            "15天；难产的，增加产假15天；生育多胞胎的，每多生",
            "育1个婴儿，增加产假15天。",
            "第八条 另有规定的除外。",
        ]

        text = load(pdf([page]), ".pdf")

        assert text == (
            "第七条 女职工生育享受98天产假，其中产前可以休假15天；难产的，增加产假15天；生育多胞胎的，每多生育1个婴儿，增加产假15天。\n\n"
            "第八条 另有规定的除外。"
        )

    def test_a_clause_number_at_the_start_of_a_line_may_be_a_reference(self) -> None:
        text = load(pdf([["第十三条 用人单位违反本规定第六条第二款、", "第七条、第九条第一款规定的，责令限期改正。"]]), ".pdf")

        assert text == "第十三条 用人单位违反本规定第六条第二款、第七条、第九条第一款规定的，责令限期改正。"

    def test_running_heads_and_page_numbers_are_left_out_and_sentences_cross_pages(self) -> None:
        pages = [
            ["某某市总工会文件", "第一条 为了保护女职工的合法权益和特殊利益，根", f"- {1} -"],
            ["某某市总工会文件", "据法律制定本办法。", f"- {2} -"],
            ["某某市总工会文件", "第二条 本办法自公布之日起施行。", f"- {3} -"],
        ]

        assert (
            load(pdf(pages), ".pdf") == "第一条 为了保护女职工的合法权益和特殊利益，根据法律制定本办法。\n\n第二条 本办法自公布之日起施行。"
        )

    def test_text_in_a_larger_size_becomes_a_heading(self) -> None:
        text = load(pdf([["（大）女职工保护办法", "第一条 为了保护女职工，制定本办法。"]]), ".pdf")

        assert text == "# 女职工保护办法\n\n第一条 为了保护女职工，制定本办法。"

    def test_a_pdf_without_text_is_refused_as_a_scan(self) -> None:
        file = pdfium.PdfDocument.new()
        file.new_page(200, 200)

        with pytest.raises(LoadError, match=r"扫描件，没有文字层.*OCR"):
            load(saved(file), ".pdf")

    def test_a_broken_file_is_refused_with_advice(self) -> None:
        with pytest.raises(LoadError, match="PDF 已损坏"):
            load(b"%PDF-1.7\nnothing", ".pdf")


@pytest.mark.parametrize(
    ("suffix", "build"),
    [(".docx", docx.Document), (".xlsx", openpyxl.Workbook), (".pptx", pptx.Presentation)],
)
def test_an_office_file_without_text_is_refused(suffix: str, build: Callable[[], object]) -> None:
    with pytest.raises(LoadError, match="没有文字"):
        document_from_bytes(saved(build()), f"空{suffix}")


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def pdf(pages: list[list[str]]) -> bytes:
    """A PDF of Chinese lines in a font that is not embedded; a line that begins with （大） is set larger."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{5 + 2 * i} 0 R' for i in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    ]
    for number, lines in enumerate(pages):
        shown = ""
        for i, line in enumerate(lines):
            size, text = (18, line.removeprefix("（大）")) if line.startswith("（大）") else (12, line)
            shown += f"BT /F1 {size} Tf 72 {760 - 24 * i} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {6 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}endstream")
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")
