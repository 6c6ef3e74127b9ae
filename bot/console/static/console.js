// Keys for those who judge all day, and waiting for a report. Every page works without this file.
"use strict";

const rows = Array.from(document.querySelectorAll("[data-row]"));

function typing(target) {
  return target.closest("input, select, textarea") !== null;
}

function move(step) {
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1);
  if (rows[next]) rows[next].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const link = { n: "[data-next]", b: "[data-back]" }[event.key];
  if (event.key === "j" || event.key === "k") {
    move(event.key === "j" ? 1 : -1);
  } else if (link && document.querySelector(link)) {
    document.querySelector(link).click();
  } else {
    const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    button.click();
  }
  event.preventDefault();
});

const waiting = document.querySelector("[data-wait]");
if (waiting) {
  const look = async () => {
    const reply = await fetch(waiting.dataset.wait);
    if (reply.ok && (await reply.json()).ready) location.reload();
    else setTimeout(look, 500);
  };
  setTimeout(look, 300);
}
