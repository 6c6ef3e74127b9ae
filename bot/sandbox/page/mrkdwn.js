// Slack's mrkdwn as DOM nodes. Text is only ever set as text, never as HTML.

const INLINE = /(`[^`\n]+`)|(<[^<>\n]+>)|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/g;
const EMOJI = { white_check_mark: "✅", warning: "⚠️", no_entry: "⛔", information_source: "ℹ️", mag: "🔍" };

const plain = (text) =>
  text
    .replace(/:([a-z_]+):/g, (whole, name) => EMOJI[name] ?? whole)
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function token(inside, names) {
  const [target, label] = inside.split("|", 2);
  if (target.startsWith("@")) {
    return element("span", { class: "mention" }, `@${names[target.slice(1)] ?? label ?? "someone"}`);
  }
  if (target.startsWith("#")) return element("span", { class: "mention" }, `#${label ?? "channel"}`);
  if (target.startsWith("!date^")) {
    const at = new Date(Number(target.split("^")[1]) * 1000);
    const shown = at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    return element("time", { datetime: at.toISOString(), title: label }, shown);
  }
  if (target.startsWith("!")) return element("span", { class: "mention" }, label ?? `@${target.slice(1)}`);
  const safe = /^(https?:|mailto:)/.test(target);
  const text = plain(label ?? target);
  return safe ? element("a", { href: plain(target), target: "_blank", rel: "noreferrer" }, text) : text;
}

export function inline(text, names) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(plain(text.slice(from, match.index)));
    const [whole, code, special, bold, italic, struck] = match;
    if (code) nodes.push(element("code", {}, plain(code.slice(1, -1))));
    else if (special) nodes.push(token(special.slice(1, -1), names));
    else if (bold) nodes.push(element("strong", {}, ...inline(bold, names)));
    else if (italic) nodes.push(element("em", {}, ...inline(italic, names)));
    else nodes.push(element("s", {}, ...inline(struck, names)));
    from = match.index + whole.length;
  }
  if (from < text.length) nodes.push(plain(text.slice(from)));
  return nodes;
}

export function mrkdwn(text, names) {
  const nodes = [];
  for (const [position, part] of text.split("```").entries()) {
    if (position % 2) {
      nodes.push(element("pre", {}, element("code", {}, plain(part.trim()))));
      continue;
    }
    for (const line of part.split("\n")) {
      const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
      if (quoted) nodes.push(element("blockquote", {}, ...inline(quoted[1], names)));
      else if (line.trim()) nodes.push(element("p", {}, ...inline(line, names)));
    }
  }
  return nodes;
}
