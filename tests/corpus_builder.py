"""Small corpora for tests, written as ``corpus/README.md`` describes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class CorpusBuilder:
    """Writes a corpus as ``corpus/README.md`` describes it, one call a document."""

    root: Path
    sources: list[str] = field(default_factory=list)

    def source(self, source_id: str, statement: str, **more: str) -> None:
        """Add a line to sources.jsonl."""
        row = {"id": source_id, "statement": statement, "title": "特别规定", "publisher": "国务院", "date": "2012-04-28", **more}
        self.sources.append(json.dumps(row, ensure_ascii=False))
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / "sources.jsonl").write_text("\n".join(self.sources) + "\n", encoding="utf-8")

    def document(self, slug: str, body: str, *, folder: str = "policies", name: str = "", **fields: str) -> Path:
        """Write a document; a field set to "" is written empty, ``kind`` follows the folder."""
        kind = {"policies": "policy", "training": "training", "cases": "case", "guides": "guide"}[folder]
        standard = {"id": slug, "kind": kind, "title": "女职工劳动保护特别规定", "region": "全国", "topic": "特殊保护"}
        if kind == "policy":
            standard["status"] = "现行"
        if kind == "training":
            standard["level"] = "入门"
        if kind == "guide":
            standard["as_of"] = "2026-11"
        front = "\n".join(f"{key}: {value}" for key, value in {**standard, **fields}.items())
        path = self.root / folder / (name or f"{slug}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{front}\n---\n{body}", encoding="utf-8")
        return path


RULES = (
    ("第七条 产假天数", "女职工生育享受98天产假，其中产前可以休假15天；难产的，增加产假15天。", "产假有多少天？｜生娃儿能耍好久"),
    ("第九条 哺乳时间", "用人单位应当在每天的劳动时间内为哺乳期女职工安排1小时哺乳时间。", "喂奶时间一天有好久？"),
    ("第二十条之一 数字技能", "女职工参加数字技能培训，每人每年补贴1500元。", "学数字技能有补贴没得？"),
)


def write_small_corpus(builder: CorpusBuilder) -> None:
    """Six documents that differ in kind, region, issuer and standing."""
    body = "".join(f"\n## {heading}\n\n> 问法：{asks}\n\n- {said}[^A-1]\n" for heading, said, asks in RULES)
    builder.source("A-1", "".join(said for _, said, _ in RULES))
    builder.document("tebie", body, issuer="国务院", doc_no="国务院令第619号", effective="2012-04-28", short_titles="[特别规定]")
    builder.document(
        "shaanxi", "\n## 第七条 产假\n\n- 陕西省女职工生育享受98天产假，再增加60天。[^A-1]\n", title="陕西省人口条例", region="陕西省"
    )
    builder.document(
        "sichuan",
        "\n## 第二十四条 产假\n\n- 四川省女职工生育享受98天产假，再延长60天生育假。[^A-1]\n",
        title="四川省人口条例",
        region="四川省",
        issuer="四川省人大常委会",
        effective="2021-09-29",
    )
    builder.document(
        "jiugui",
        "\n## 第八条 产假\n\n- 女职工生育享受90天产假，其中产前休假15天。[^A-1]\n",
        title="女职工劳动保护规定",
        effective="1988-09-01",
        expires="2012-04-27",
    )
    builder.document(
        "caoan", "\n## 第三条 产假\n\n- 女职工生育享受产假128天，难产增加15天。[^A-1]\n", title="产假办法（草案）", status="征求意见稿"
    )
    builder.document(
        "zhibo",
        "\n## 怎样开始直播\n\n- 直播销售员要先实名认证，再学会用手机直播，讲解商品。[^A-1]\n",
        folder="training",
        title="直播带货入门",
    )
    builder.document(
        "gongzuoshi",
        "\n## 做法\n\n- 成都市某女职工创新工作室带教直播，教会120人。[^A-1]\n",
        folder="cases",
        title="女职工创新工作室案例",
        region="四川省成都市",
    )
