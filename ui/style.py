"""The style sheet and the one script of the pages; both are constants, nothing of the API's goes into them.

Colours: text on its background has a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3); targets are at least 44 px high (2.5.5).
"""

from __future__ import annotations

from html import escape

import streamlit as st

_STYLE = """<style>
.stHeader { display: none; }
.stMainBlockContainer { max-width: 46rem; padding: 0 1rem 2rem; }
*:has(> .st-key-navigation) { position: sticky; top: 0; z-index: 50; background: #FFFCF8; }
.st-key-navigation { border-bottom: 1px solid #D9C7B8; padding: 0.35rem 0; }
.st-key-navigation a { min-height: 44px; padding-inline: 0.8rem; }
.st-key-navigation a[aria-current="page"] { background: #FBE3D6; }
.brand { font-weight: 700; color: #8F1D2F; margin: 0 0.5rem 0 0; display: flex; align-items: center; gap: 0.5rem; }
.logo { flex: none; border-radius: 0.4rem; }
.top { display: flex; align-items: center; justify-content: flex-end; gap: 0.5rem; }
.top .brand { display: none; margin-right: auto; }
.stMain:has([data-hook="state"]) [data-stale="true"] { display: none; }
.stChatMessage:has([data-hook="question"]) { background: #FBF1E8; scroll-margin-top: 4rem; }
.stChatMessage:not(:has([data-hook="question"])) { padding-inline: 0; }
.stFeedback button { min-width: 44px; justify-content: center; }
.stHtml a { color: #8F1D2F; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 0 0.9rem 1.5rem; }
  [data-testid="stBottom"] [data-testid="stBottomBlockContainer"] { padding: 0.6rem 0.9rem 1rem; }
  .st-key-navigation .stElementContainer:has(.brand), [data-testid="stChatMessageAvatarCustom"] { display: none; }
  .top .brand { display: flex; font-size: 1.05rem; }
  .st-key-navigation { gap: 0; justify-content: space-between; }
  .st-key-navigation a { padding-inline: 0.5rem; gap: 0; justify-content: center; }
  .st-key-navigation:has(> :nth-child(6)) a { padding-inline: 0.2rem; }
  .st-key-navigation:has(> :nth-child(6)) a p { font-size: 0.95rem; }
  .st-key-navigation a > span:has([data-testid="stIconMaterial"]) { display: none; }
}
.stMainBlockContainer button, [role="dialog"] button { min-height: 44px; }
.stButton button { text-align: left; line-height: 1.4; }
.stButton button p { white-space: normal; overflow-wrap: anywhere; }
.stButton button:focus-visible, a:focus-visible, button.marker:focus-visible { outline: 3px solid #1F5FA8; outline-offset: 2px; }
p.figure { font-size: 1.2rem; font-weight: 700; line-height: 1.55; color: #8F1D2F; margin: 0.4rem 0; overflow-wrap: anywhere; }
.lines { margin: 0 0 0.6rem; padding-left: 1.4rem; line-height: 1.7; overflow-wrap: anywhere; }
.lines li { margin-bottom: 0.25rem; }
sup.number { color: #8F1D2F; font-weight: 600; margin-left: 0.15em; }
p.right { margin: 0.2rem 0; line-height: 1.65; overflow-wrap: anywhere; }
.letter { border: 1px solid #D9C7B8; border-radius: 0.5rem; background: #FFFFFF; padding: 1rem; overflow-wrap: anywhere; line-height: 1.8; }
.letter p { margin: 0 0 0.35rem; }
.letter-title { text-align: center; font-size: 1.25rem; font-weight: 700; }
.letter-heading { font-weight: 700; }
.letter-line, .letter-item { text-indent: 2em; }
.letter-right { text-align: right; }
.lead { color: #5B4A43; margin: 0 0 0.5rem; }
.small { color: #5B4A43; font-size: 0.85rem; margin: 0; }
.part { font-weight: 600; font-size: 0.95rem; margin: 0.5rem 0 0; color: #5B4A43; }
.plain { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; line-height: 1.7; }
.state { color: #5B4A43; margin: 0; }
.state::before { content: ""; display: inline-block; width: 0.6rem; height: 0.6rem; margin-right: 0.5rem; border-radius: 50%;
  background: #A32638; animation: pulse 1.2s ease-in-out infinite; }
.stHtml ol.stages { display: flex; flex-wrap: wrap; gap: 0.4rem 1.6rem; list-style: none; margin: 0 0 0.4rem; padding: 0; color: #5B4A43; }
.stHtml ol.stages > li { position: relative; border-radius: 0.5rem; padding: 0.1rem 0.6rem; border: 1px solid #D9C7B8; margin: 0; }
.stages li + li::before { content: "→"; position: absolute; left: -1.4rem; color: #5B4A43; }
.stages .now { background: #FBE3D6; border-color: #A32638; color: #8F1D2F; font-weight: 700; }
.stages .done { background: #DDF0E1; border-color: #17532A; color: #17532A; }
.stages .done::after { content: " ✓"; }
@keyframes pulse { 50% { opacity: 0.25; } }
@media (prefers-reduced-motion: reduce) { .state::before { animation: none; } }
.badges { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0 0 0.35rem; align-items: center; }
.badge { display: inline-block; border-radius: 0.5rem; padding: 0.1rem 0.55rem; font-size: 0.85rem; font-weight: 600; line-height: 1.5;
  background: #EFE6DE; color: #4A3B34; }
.badge.good { background: #DDF0E1; color: #17532A; }
.badge.coming { background: #DFEAF7; color: #1B4575; }
.badge.warn { background: #FCEBC8; color: #6A4300; }
.badge.bad { background: #F9DEDC; color: #8A1C17; }
.badge.ai { background: #E9E2F6; color: #47307C; }
.answer, .passage { line-height: 1.75; overflow-wrap: anywhere; }
.answer p, .passage p { margin: 0 0 0.6rem; }
.answer ul, .answer ol, .passage ul, .passage ol { margin: 0 0 0.6rem; padding-left: 1.4rem; }
:is(.answer, .passage) :is(h1, h2, h3, h4) { font-size: 1.05rem; margin: 0 0 0.4rem; padding: 0; }
.answer table, .passage table { border-collapse: collapse; display: block; overflow-x: auto; margin: 0 0 0.6rem; }
.answer th, .answer td, .passage th, .passage td { border: 1px solid #D9C7B8; padding: 0.35rem 0.6rem; text-align: left; }
.passage mark { background: #FFE48A; color: #2A211E; padding: 0.1em 0; border-radius: 0.2em; }
.stMainBlockContainer button.marker { min-height: 0; border: 0; background: none; color: #8F1D2F; font: inherit; font-size: 0.85em;
  font-weight: 600; padding: 0.3em 0.25em; margin: -0.3em 0; cursor: pointer; text-decoration: underline; text-underline-offset: 0.2em; }
.notes { margin: 0; padding: 0.6rem 0.9rem; background: #FCEBC8; color: #4F3300; border-radius: 0.75rem; }
.notes ul { margin: 0; padding-left: 1.2rem; }
[class*="st-key-openers-"] { display: none; }
ol.steps { margin: 0; padding-left: 1.3rem; }
ol.steps > li { margin-bottom: 0.9rem; overflow-wrap: anywhere; }
dl.facts.rows { display: block; }
.facts.rows > div { padding: 0.45rem 0; border-top: 1px solid #EFE6DE; }
.facts.rows dt { flex: 0 0 6.2em; font-weight: 600; }
.facts.rows dd { flex: 1; min-width: 0; }
.hint { margin-top: 0.8rem; }
.calls { display: flex; flex-direction: column; gap: 0.6rem; }
.call { border: 1px solid #D9C7B8; border-radius: 0.75rem; padding: 0.7rem 0.9rem; background: #FBF1E8; }
.call a.dial { display: flex; align-items: center; min-height: 48px; font-size: 1.25rem; font-weight: 700; color: #8F1D2F;
  text-decoration: underline; text-underline-offset: 0.2em; }
.call strong.name { display: block; }
.call.brief { display: flex; flex-wrap: wrap; align-items: center; gap: 0 0.8rem; padding: 0.2rem 0.9rem; }
.call.brief strong.name { font-weight: 500; }
.call p { margin: 0.2rem 0 0; }
dl.facts { margin: 0 0 0.6rem; padding: 0; display: grid; gap: 0.15rem 1rem;
  grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); font-size: 0.92rem; }
.facts div { display: flex; gap: 0.5rem; }
.facts dt { color: #5B4A43; flex: 0 0 4.6em; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.source-list { margin: 0; padding-left: 1.2rem; font-size: 0.92rem; }
.source-list li { margin-bottom: 0.4rem; overflow-wrap: anywhere; }
.official { margin: 0.4rem 0 0; font-weight: 600; }
.title { font-size: 1.1rem; font-weight: 700; margin: 0 0 0.3rem; line-height: 1.45; overflow-wrap: anywhere; }
[data-hook="total"] { scroll-margin-top: 4.5rem; }
section.clause { border-top: 1px solid #D9C7B8; padding: 0.9rem 0 0.7rem; scroll-margin-top: 4.5rem; }
section.clause h2 { font-size: 1.08rem; margin: 0 0 0.4rem; padding: 0; }
section.clause.target { border: 2px solid #A32638; border-radius: 0.75rem; padding: 0.9rem; background: #FFF6E3; }
:is(section.clause, .contents) summary { cursor: pointer; color: #8F1D2F; min-height: 44px; display: flex; align-items: center; }
:is(section.clause, .contents) summary::before { content: "▸"; margin-right: 0.4rem; }
:is(section.clause, .contents) details[open] > summary::before, .contents[open] > summary::before { content: "▾"; }
details.contents li { padding: 0.35rem 0; }
h2.title { padding: 0; margin: 0.6rem 0 0; }
.reason { margin: 0 0 0.3rem; line-height: 1.65; }
.st-key-choices [data-testid="stButtonGroup"] button { min-height: 48px; padding-inline: 1.1rem; }
.st-key-choices [data-testid="stButtonGroup"] button p { font-size: 1rem; }
.st-key-choices [data-testid="stWidgetLabel"] p { font-size: 1rem; font-weight: 600; }
.stCheckbox label { min-height: 44px; align-items: center; }
ul.log { list-style: none; margin: 0; padding: 0; }
ul.log li { border-top: 1px solid #D9C7B8; padding: 0.5rem 0; overflow-wrap: anywhere; }
.st-key-uploader [data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
[data-testid="InputInstructions"] { display: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
.st-key-frame { position: absolute; height: 0; }
.offline-notice { display: none; position: fixed; z-index: 60; inset: 0 0 auto; margin: 0; padding: 0.6rem 0.9rem;
  background: #F9DEDC; color: #8A1C17; }
html.offline .offline-notice { display: block; }
.actions { display: flex; flex-wrap: wrap; gap: 0.4rem; align-items: center; }
.stMainBlockContainer button.action { border: 1px solid #B49A88; border-radius: 0.75rem; background: #FFFCF8; color: #4A3B34; font: inherit;
  font-size: 0.92rem; padding: 0.3rem 0.9rem; min-height: 44px; cursor: pointer; }
button.action[aria-pressed="true"] { background: #FBE3D6; border-color: #A32638; }
button.action:hover { background: #FBF1E8; }
button.action:focus-visible { outline: 3px solid #1F5FA8; outline-offset: 2px; }
html:not(.can-share) button.share, html:not(.can-speak) button.speak, html:not(.can-dictate) button.dictate { display: none; }
.stMainBlockContainer:has(.compare) { max-width: 70rem; }
.compare-row { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.5rem; }
.compare-row > div { min-width: 0; }
.compare-row.heads { margin-bottom: 0.7rem; }
.compare > section.clause:first-of-type { margin-top: 0.7rem; }
.compare-row h3.part { padding: 0; }
.whose { display: none; }
.stMainBlockContainer:has([data-hook="evaluation"]) { max-width: 60rem; }
.figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 0.6rem; margin: 0.5rem 0; }
[data-testid="stFileUploaderDropzoneInstructions"] { display: none !important; }
.figure { display: flex; flex-direction: column; border: 1px solid #D9C7B8; border-radius: 0.75rem; padding: 0.6rem 0.8rem;
  background: #FBF1E8; }
.figure strong { font-size: 1.35rem; color: #2A211E; }
.st-key-timeline { border-left: 3px solid #D9C7B8; padding-left: 1.1rem; margin-left: 0.5rem; max-width: calc(100% - 0.5rem);
  box-sizing: border-box; }
.version { position: relative; }
.version::before { content: ""; position: absolute; left: calc(-1.1rem - 1.5px - 0.45rem); top: 0.3rem; width: 0.9rem; height: 0.9rem;
  border-radius: 50%; background: #B49A88; border: 2px solid #FFFCF8; box-sizing: border-box; }
.version.good::before { background: #17532A; }
.version.bad::before { background: #8A1C17; }
.version.warn::before { background: #B57600; }
.version.coming::before { background: #1B4575; }
@media (max-width: 640px) {
  .figures { grid-template-columns: 1fr 1fr; }
  .compare-row { grid-template-columns: 1fr; gap: 0.7rem; }
  .compare-row:not(.heads) > div + div { border-top: 1px dashed #D9C7B8; padding-top: 0.5rem; }
  .facts.rows > div { flex-direction: column; gap: 0.1rem; }
  .facts.rows dt { flex: none; }
  .whose { display: block; font-weight: 600; }
}
html.large-type { font-size: 21px !important; }
html.large-type :is(.small, .badge, .part) { font-size: 0.95rem; }
html.high-contrast :is(.stApp, .st-key-navigation, [role="dialog"], [data-testid="stBottom"] > div) { background: #FFFFFF !important; }
html.high-contrast :is(.stApp, [role="dialog"]) :is(p, li, dt, dd, h1, h2, h3, td, th, label, span, summary, strong) { color: #000000; }
html.high-contrast :is(.lead, .small, .part, .state, .facts dt) { color: #000000 !important; }
html.high-contrast :is(a, a p, button.marker, summary) { color: #00308F !important; text-decoration: underline; }
html.high-contrast :is(.badge, .notes, .call, button, .stAlert > div) { background: #FFFFFF !important;
  border: 2px solid #000000 !important; }
html.high-contrast .stMainBlockContainer button.marker { border: 0 !important; }
html.high-contrast :is(button, button *) { color: #000000 !important; }
html.high-contrast [aria-pressed="true"], html.high-contrast button[aria-checked="true"] { outline: 3px solid #00308F; }
html.high-contrast mark { background: #FFE100; outline: 1px solid #000000; }
@media print {
  .st-key-navigation, .top, .st-key-choices, .st-key-quiz, .stButton, .actions, .stChatInput, .stAlert, .stPageLink,
  [data-testid="stBottom"] { display: none !important; }
  .stApp { background: #FFFFFF; }
  .stApp, .stAppViewContainer, .stMain { position: static !important; overflow: visible !important; height: auto !important; }
  [data-hook="step"] { break-inside: avoid; }
}
</style>"""

_SCRIPT = """<script>
if (!window.sourceMarkers) {
  window.sourceMarkers = true;
  document.addEventListener("click", (event) => {
    const marker = event.target.closest("button.marker[data-opens]");
    const chip = marker && document.querySelector(".st-key-" + CSS.escape(marker.dataset.opens) + " button");
    if (chip) chip.click();
  });
}
</script>"""
"""A marker in the text stands for the source chip under it. Without scripts the chip still works."""

_SCROLL = """<script>
setTimeout(() => document.querySelector("section.clause.target")?.scrollIntoView({ block: "start" }), 300);
</script>"""


_SCROLL_TO_QUESTION = """<script>
(() => {
  let left = 40, held = 0;
  const timer = setInterval(() => {
    const questions = document.querySelectorAll('.stChatMessage:has([data-hook="question"])');
    const latest = questions[questions.length - 1];
    if (!latest || left-- === 0 || held > 12) { stop(); return; }
    const top = latest.getBoundingClientRect().top;
    if (top >= 0 && top < window.innerHeight / 2) held += 1;
    else { held = 0; latest.scrollIntoView({ block: "start" }); }
  }, 250);
  const stop = () => clearInterval(timer);
  for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) window.addEventListener(kind, stop, { once: true, passive: true });
})();
</script>"""
"""Streamlit keeps a chat at its end for a moment after it grew; so look again until the question stays, or the reader scrolls."""


_SCROLL_TO_LIST = """<script>
setTimeout(() => document.querySelector('[data-hook="total"]')?.scrollIntoView({ block: "start" }), 100);
</script>"""


def apply_style() -> None:
    """Put style sheet and script into the page."""
    st.html(_STYLE)
    st.html(_SCRIPT, unsafe_allow_javascript=True)


def label_uploader(label: str) -> None:
    """Say in Chinese what Streamlit's own button for files says in English."""
    button = '.st-key-uploader [data-testid="stFileUploaderDropzone"]:not(:has([data-testid="stFileChips"])) button'
    st.html(
        f'<style>{button} p, {button} [data-testid="stMarkdownContainer"] {{ font-size: 0; }}'
        f'{button}::after {{ content: "{escape(label)}"; font-size: 0.95rem; }}</style>'
    )


def scroll_to_latest_question(occasion: str) -> None:
    """Bring the newest question, and so the beginning of its answer, into view: a chat otherwise stays at its end.

    Once for each ``occasion``: a browser does not run the same script element again.
    """
    st.html(f'<span data-occasion="{escape(occasion)}"></span>{_SCROLL_TO_QUESTION}', unsafe_allow_javascript=True)


def scroll_to_list(page: int) -> None:
    """Bring the beginning of a list into view after turning to ``page``."""
    st.html(f'<span data-occasion="{page}"></span>{_SCROLL_TO_LIST}', unsafe_allow_javascript=True)


def scroll_to_target() -> None:
    """Bring the passage that was asked for into view."""
    st.html(_SCROLL, unsafe_allow_javascript=True)
