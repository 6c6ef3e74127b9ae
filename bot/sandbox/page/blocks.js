// Block Kit as DOM nodes.

import { element, mrkdwn } from "./mrkdwn.js";

const text = (object, names) =>
  object.type === "plain_text" ? [element("p", {}, object.text)] : mrkdwn(object.text, names);

function button(spec, press) {
  const style = spec.style ? `press ${spec.style}` : "press";
  const label = { "aria-label": spec.accessibility_label, "data-action": spec.action_id };
  if (spec.url) {
    return element("a", { href: spec.url, target: "_blank", rel: "noreferrer", ...label }, spec.text.text);
  }
  return element(
    "button",
    { type: "button", class: style, onclick: () => press(spec.action_id), ...label },
    spec.text.text,
  );
}

function rich(parts, names) {
  return parts.map((part) => {
    if (part.type === "text") {
      let node = document.createTextNode(part.text);
      if (part.style?.code) node = element("code", {}, node);
      if (part.style?.bold) node = element("strong", {}, node);
      if (part.style?.italic) node = element("em", {}, node);
      return node;
    }
    if (part.type === "user") return element("span", { class: "mention" }, `@${names[part.user_id] ?? "someone"}`);
    if (part.type === "link") return element("a", { href: part.url, target: "_blank", rel: "noreferrer" }, part.text ?? part.url);
    return "";
  });
}

const RICH = { rich_text_quote: "blockquote", rich_text_preformatted: "pre", rich_text_section: "p" };

const RENDERERS = {
  header: (block) => element("h3", {}, block.text.text),
  divider: () => element("hr"),
  section: (block, names, press) => {
    const node = element("div", { class: "section" }, ...(block.text ? text(block.text, names) : []));
    if (block.fields) {
      const fields = block.fields.map((field) => element("div", {}, ...text(field, names)));
      node.append(element("div", { class: "fields" }, ...fields));
    }
    if (block.accessory?.type === "button") node.append(button(block.accessory, press));
    return node;
  },
  context: (block, names) =>
    element(
      "div",
      { class: "context" },
      ...block.elements.map((item) => element("div", {}, ...text(item, names))),
    ),
  actions: (block, names, press) =>
    element(
      "div",
      { class: "actions" },
      ...block.elements.filter((item) => item.type === "button").map((item) => button(item, press)),
    ),
  markdown: (block, names) => element("div", {}, ...mrkdwn(block.text.replaceAll("**", "*"), names)),
  rich_text: (block, names) =>
    element(
      "div",
      {},
      ...block.elements.map((part) =>
        part.type === "rich_text_list"
          ? element("ul", {}, ...part.elements.map((item) => element("li", {}, ...rich(item.elements, names))))
          : element(RICH[part.type] ?? "p", {}, ...rich(part.elements, names)),
      ),
    ),
};

export function blocks(list, names, press) {
  const nodes = list.map((block) => {
    const render = RENDERERS[block.type];
    return render
      ? render(block, names, press)
      : element("p", { class: "unknown" }, `This page does not draw ${block.type} blocks.`);
  });
  return element("div", { class: "blocks" }, ...nodes);
}
