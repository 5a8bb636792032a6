"""What a click does in the browser alone: copy, share, print, read aloud, larger type, more contrast, dictate.

The script is a constant; nothing of the API's goes into it. Pages put buttons with ``data-…`` attributes into their HTML, and one
listener serves them all. Where a browser cannot do something its button stays hidden.
"""

from __future__ import annotations

from html import escape
from typing import Literal

import streamlit as st

from ui.wording import say

Action = Literal["copy", "share", "print", "speak", "large-type", "high-contrast", "dictate"]

_SCRIPT = """<script>
(() => {
  if (window.assistantActions) return;
  window.assistantActions = true;
  const root = document.documentElement;
  const switches = ["large-type", "high-contrast"];
  const stored = (name) => { try { return localStorage.getItem("assistant-" + name) === "on"; } catch { return false; } };
  const show = () => {
    for (const name of switches) {
      const on = root.classList.contains(name);
      document.querySelectorAll(`[data-action="${name}"]`).forEach((button) => {
        if (button.getAttribute("aria-pressed") !== String(on)) button.setAttribute("aria-pressed", String(on));
      });
    }
    const Speech = window.SpeechRecognition || window.webkitSpeechRecognition;
    const able = { share: !!navigator.share, speak: "speechSynthesis" in window, dictate: !!Speech };
    for (const [name, can] of Object.entries(able)) if (can) root.classList.add("can-" + name);
  };
  for (const name of switches) root.classList.toggle(name, stored(name));
  new MutationObserver(show).observe(document.body, { childList: true, subtree: true });
  show();

  const tell = (button, said) => {
    const status = document.querySelector('[data-hook="action-status"]');
    if (status) { status.textContent = ""; status.textContent = said; }
    if (!said || !button.dataset.said) return;
    const label = button.querySelector(".action-label") || button;
    button.dataset.label ??= label.textContent;
    label.textContent = said;
    setTimeout(() => { label.textContent = button.dataset.label; }, 2000);
  };
  const copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("copy");
  };
  const type = (text) => {
    const box = document.querySelector('[data-testid="stChatInput"] textarea');
    if (!box) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };
  let speaking = null;
  const hush = () => {
    window.speechSynthesis?.cancel();
    speaking?.setAttribute("aria-pressed", "false");
    speaking = null;
  };
  const does = {
    copy: (button) => copy(button.dataset.text).then(() => tell(button, button.dataset.said), () => tell(button, button.dataset.failed)),
    share: (button) => navigator.share({ text: button.dataset.text }).catch(() => {}),
    print: () => window.print(),
    speak: (button) => {
      const same = speaking === button;
      hush();
      if (same) return;
      const said = new SpeechSynthesisUtterance(button.dataset.text);
      said.lang = "zh-CN";
      said.rate = 0.9;
      said.onend = said.onerror = () => { if (speaking === button) hush(); };
      speaking = button;
      button.setAttribute("aria-pressed", "true");
      window.speechSynthesis.speak(said);
    },
    dictate: (button) => {
      const Speech = window.SpeechRecognition || window.webkitSpeechRecognition;
      const listening = new Speech();
      listening.lang = "zh-CN";
      listening.interimResults = true;
      button.setAttribute("aria-pressed", "true");
      listening.onresult = (event) => type([...event.results].map((result) => result[0].transcript).join(""));
      listening.onerror = () => tell(button, button.dataset.failed);
      listening.onend = () => button.setAttribute("aria-pressed", "false");
      listening.start();
    },
  };
  for (const name of switches) {
    does[name] = () => {
      const on = root.classList.toggle(name);
      try { localStorage.setItem("assistant-" + name, on ? "on" : "off"); } catch { /* storage is switched off */ }
      show();
    };
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-action]");
    if (button) does[button.dataset.action]?.(button);
  });
  const offline = () => root.classList.toggle("offline", !navigator.onLine);
  window.addEventListener("offline", offline);
  window.addEventListener("online", offline);
  offline();
})();
</script>"""


def prepare_actions() -> None:
    """Put the script into the page, the place where it tells what happened, and the notice that the network is gone."""
    st.html(_SCRIPT, unsafe_allow_javascript=True)
    st.html(
        '<p class="unseen" role="status" data-hook="action-status"></p>'
        f'<p class="offline-notice" role="alert">{escape(say("actions.offline"))}</p>'
    )


def action_html(action: Action, label: str, text: str = "", *, name: str = "") -> str:
    """A button that does ``action`` with ``text``. ``name`` is what a screen reader says instead of the label."""
    pressed = ' aria-pressed="false"' if action in {"speak", "large-type", "high-contrast", "dictate"} else ""
    told = {"copy": "actions.copied"}.get(action, "")
    failed = {"copy": "actions.not_copied", "dictate": "actions.not_heard"}.get(action, "")
    data = f' data-text="{escape(text)}"' if text else ""
    data += f' data-said="{escape(say(told))}"' if told else ""
    data += f' data-failed="{escape(say(failed))}"' if failed else ""
    spoken = f' aria-label="{escape(name)}"' if name else ""
    return (
        f'<button type="button" class="action {action}" data-action="{action}"{pressed}{spoken}{data}>'
        f'<span class="action-label">{escape(label)}</span></button>'
    )


def actions_html(*buttons: str) -> str:
    """Buttons side by side, wrapping on a phone."""
    return f'<div class="actions">{"".join(buttons)}</div>'
