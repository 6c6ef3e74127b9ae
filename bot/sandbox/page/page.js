// The client: draws the workspace as one person sees it, and sends what that person does.

import { blocks, entered } from "./blocks.js";
import { element, mrkdwn } from "./mrkdwn.js";

const at = (id) => document.getElementById(id);
const HINTS = {
  channel: "Start with @Codecite to ask here, or type /code and a question for an answer only you see.",
  direct: "Write a diagnosis, a code or a note excerpt.  Enter sends, Shift+Enter starts a new line.",
};

let person = new URLSearchParams(location.search).get("person") ?? "";
let here = "";
let tab = "messages";
let thread = "";
let state = null;
let drawn = "";
const seen = new Map();

async function send(action, details) {
  const response = await fetch("/sandbox/do", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ action, person: state.me, ...details }),
  });
  const answer = await response.json();
  const hint = at("hint");
  hint.classList.toggle("wrong", !answer.ok);
  if (!answer.ok) hint.textContent = `Slack refused this: ${answer.error}`;
  return answer;
}

async function refresh() {
  const response = await fetch(`/sandbox/state?person=${encodeURIComponent(person)}`);
  state = await response.json();
  person = state.me;
  if (!state.channels.some((channel) => channel.id === here)) {
    here = (state.channels.find((channel) => channel.direct) ?? state.channels[0]).id;
    opened();
  }
  draw();
}

function opened() {
  const channel = state.channels.find((one) => one.id === here);
  if (channel.direct) send("open", { tab });
}

// Drawing ---------------------------------------------------------------------------------------

const names = () =>
  Object.fromEntries([...state.people.map((one) => [one.id, one.name]), [state.bot.id, state.bot.name]]);

const initials = (name) => name.split(" ").map((word) => word[0]).slice(0, 2).join("");

function draw() {
  const key = JSON.stringify([state, here, tab, thread]);
  if (key === drawn) return;
  drawn = key;
  drawRail();
  const channel = state.channels.find((one) => one.id === here);
  at("title").textContent = channel.direct ? state.bot.name : `# ${channel.name}`;
  at("topic").textContent = channel.direct ? "Medical coding assistant" : `${channel.members} members`;
  at("tabs").hidden = !channel.direct;
  for (const button of at("tabs").children) {
    button.setAttribute("aria-selected", String(button.dataset.tab === tab));
  }
  const home = channel.direct && tab === "home";
  at("messages").hidden = home;
  at("home").hidden = !home;
  at("composer").hidden = home;
  if (home) drawHome();
  else drawConversation(channel);
  drawThread();
  drawModal();
}

// A form keeps what is typed while the workspace around it changes.
function drawModal() {
  const dialog = at("modal");
  const view = state.view;
  if (!view) {
    if (dialog.open) dialog.close();
    dialog.dataset.view = "";
    return;
  }
  const errors = JSON.stringify(state.view_errors);
  if (dialog.dataset.view === view.id && dialog.dataset.errors === errors) return;
  if (dialog.dataset.view === view.id) {
    for (const old of dialog.querySelectorAll("p.wrong")) old.remove();
    for (const [block, words] of Object.entries(state.view_errors)) {
      dialog.querySelector(`[data-block="${CSS.escape(block)}"]`)?.append(element("p", { class: "wrong", role: "alert" }, words));
    }
    dialog.dataset.errors = errors;
    return;
  }
  dialog.dataset.view = view.id;
  dialog.dataset.errors = errors;
  at("modal-title").textContent = view.title.text;
  at("modal-submit").hidden = !view.submit;
  at("modal-submit").textContent = view.submit?.text ?? "";
  at("modal-cancel").textContent = view.close?.text ?? "Close";
  const use = (action, chosen) => send("press_view", { action_id: action, chosen });
  at("modal-body").replaceChildren(blocks(view.blocks, names(), use, state.view_errors));
  if (!dialog.open) dialog.showModal();
}

function drawRail() {
  at("team").textContent = state.team;
  at("connection").textContent = state.connected ? "Codecite is connected" : "Codecite is not connected";
  at("connection").classList.toggle("on", state.connected);
  at("person").replaceChildren(
    ...state.people.map((one) =>
      element("option", { value: one.id, selected: one.id === state.me }, `${one.name}, ${one.title.toLowerCase()}`),
    ),
  );
  const entry = (channel) => {
    const latest = state.messages.filter((one) => one.channel === channel.id).at(-1)?.ts ?? "";
    if (channel.id === here) seen.set(channel.id, latest);
    const unread = channel.id !== here && latest > (seen.get(channel.id) ?? "");
    return element(
      "li",
      {},
      element(
        "button",
        {
          type: "button",
          class: unread ? "unread" : undefined,
          "data-channel": channel.id,
          "aria-current": String(channel.id === here),
          onclick: () => go(channel.id),
        },
        element("span", { class: "sign", "aria-hidden": "true" }, channel.direct ? "◆" : "#"),
        channel.direct ? state.bot.name : channel.name,
      ),
    );
  };
  at("channels").replaceChildren(...state.channels.filter((one) => !one.direct).map(entry));
  at("directs").replaceChildren(...state.channels.filter((one) => one.direct).map(entry));
}

function drawHome() {
  at("home").replaceChildren(
    state.home
      ? blocks(state.home.blocks, names(), (action, chosen) => send("press_home", { action_id: action, chosen }))
      : element("p", {}, "Opening…"),
  );
}

function drawConversation(channel) {
  const top = state.messages.filter((one) => one.channel === here && !one.thread_ts);
  const nodes = [
    channel.direct
      ? element("p", { class: "welcome" }, "This is the start of your conversation with ", element("strong", {}, state.bot.name), ".")
      : element("p", { class: "welcome" }, "This is the start of ", element("strong", {}, `#${channel.name}`), "."),
  ];
  for (const message of top) {
    nodes.push(drawMessage(message, true));
    if (channel.direct) nodes.push(...drawStatus(message.ts));
  }
  fill(at("messages"), nodes);
  at("text").placeholder = channel.direct ? `Message ${state.bot.name}` : `Message #${channel.name}`;
  if (!at("hint").classList.contains("wrong")) at("hint").textContent = HINTS[channel.direct ? "direct" : "channel"];
  const offered = channel.direct && !top.length ? state.prompts[here] : undefined;
  at("prompts").replaceChildren(
    ...(offered
      ? [
          element("span", {}, offered.title),
          ...offered.prompts.map((one) =>
            element("button", { type: "button", title: one.message, onclick: () => send("say", { channel: here, text: one.message }) }, one.message),
          ),
        ]
      : []),
  );
}

function drawThread() {
  const parent = thread && state.messages.find((one) => one.channel === here && one.ts === thread);
  at("thread").hidden = !parent;
  if (!parent) return;
  const channel = state.channels.find((one) => one.id === here);
  at("thread-topic").textContent = channel.direct ? state.bot.name : `# ${channel.name}`;
  at("reply").placeholder = "Reply…";
  const replies = state.messages.filter((one) => one.channel === here && one.thread_ts === thread);
  fill(at("replies"), [
    drawMessage(parent, false),
    ...replies.map((one) => drawMessage(one, false)),
    ...drawStatus(thread),
  ]);
}

function drawStatus(ts) {
  return state.statuses
    .filter((one) => one.channel === here && one.thread_ts === ts)
    .map((one) =>
      element(
        "div",
        { class: "status" },
        element("p", { role: "status" }, `${state.bot.name} ${one.text}`),
        one.steps.length
          ? element("p", { class: "steps", "aria-hidden": "true" }, ...one.steps.map((step) => element("span", {}, step)))
          : null,
      ),
    );
}

function drawMessage(message, withReplies) {
  const who = state.people.find((one) => one.id === message.user);
  const name = who?.name ?? state.bot.name;
  const second = who && state.people.indexOf(who) > 0;
  const press = (action, chosen) =>
    send("press", { channel: message.channel, ts: message.ts, action_id: action, chosen });
  const replies = state.messages.filter((one) => one.channel === message.channel && one.thread_ts === message.ts);
  const busy = state.statuses.some((one) => one.channel === message.channel && one.thread_ts === message.ts);
  const body = message.blocks.length
    ? blocks(message.blocks, names(), press)
    : element("div", { class: "blocks" }, ...mrkdwn(message.text, names()));
  return element(
    "article",
    { class: message.ephemeral ? "message ephemeral" : "message", "data-ts": message.ts, "data-by": message.bot ? "bot" : "person", "data-mine": message.user === state.me },
    element("div", { class: `avatar ${message.bot ? "bot" : second ? "second" : ""}`, "aria-hidden": "true" }, message.bot ? "C" : initials(name)),
    element(
      "div",
      {},
      message.ephemeral ? element("p", { class: "only-you" }, "Only visible to you") : null,
      element(
        "div",
        { class: "by" },
        element("strong", {}, name),
        message.bot ? element("span", { class: "tag" }, "APP") : element("span", { class: "role" }, who?.title ?? ""),
        element("time", {}, new Date(Number(message.ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })),
        message.edited ? element("span", { class: "role" }, "(edited)") : null,
      ),
      body,
      message.files.length ? element("p", { class: "file" }, ...message.files.map((name) => `📄 ${name} `)) : null,
      withReplies && (replies.length || busy)
        ? element(
            "button",
            { type: "button", class: "replies-link", onclick: () => openThread(message.ts) },
            replies.length ? `${replies.length} ${replies.length === 1 ? "reply" : "replies"}` : `${state.bot.name} is working on it…`,
          )
        : null,
    ),
    message.ephemeral ? null : menu(message),
  );
}

// What a message's own menu offers: the app's shortcut, and to its author editing and deleting.
function menu(message) {
  const item = (label, act) => element("button", { type: "button", onclick: act }, label);
  const place = { channel: message.channel, ts: message.ts };
  const mine = message.user === state.me;
  return element(
    "div",
    { class: "menu-bar", role: "group", "aria-label": "Message" },
    message.bot ? null : item("Suggest codes", () => send("message_shortcut", { ...place, callback_id: "suggest_codes" })),
    mine ? item("Edit", () => edit(message)) : null,
    mine ? item("Delete", () => send("delete", place)) : null,
  );
}

function edit(message) {
  const article = document.querySelector(`article[data-ts="${CSS.escape(message.ts)}"] .blocks`);
  const box = element("textarea", { rows: 3, class: "editing", "aria-label": "Edit message" });
  box.value = plainWords(message.text);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") redraw();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send("edit", { channel: message.channel, ts: message.ts, text: box.value }).then(redraw);
  });
  article.replaceChildren(box);
  box.focus();
}

function redraw() {
  drawn = "";
  refresh();
}

const plainWords = (text) =>
  text
    .replace(/<@([^>|]+)[^>]*>/g, (whole, id) => `@${names()[id] ?? "someone"}`)
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

// Redraw a list and keep the reader's place, except for news at its end: one's own message, or any
// message while the end is in view. A long answer is read from its top, not from its footer.
function fill(box, nodes) {
  const place = `${here} ${box.id === "replies" ? thread : ""}`;
  const top = box.scrollTop;
  const low = box.scrollHeight - top - box.clientHeight < 80;
  const newest = nodes.filter((node) => node.dataset.ts).at(-1);
  const news = newest?.dataset.ts !== box.dataset.newest;
  const moved = place !== box.dataset.place;
  box.replaceChildren(...nodes);
  box.dataset.newest = newest?.dataset.ts ?? "";
  box.dataset.place = place;
  if (!moved && !(news && (low || newest?.dataset.mine)) && !(low && !news)) {
    box.scrollTop = top;
    return;
  }
  box.scrollTop = box.scrollHeight;
  if (news && newest?.dataset.by === "bot" && newest.offsetHeight > box.clientHeight - 120) {
    (newest.previousElementSibling ?? newest).scrollIntoView();
  }
}

// Acting ----------------------------------------------------------------------------------------

function go(channel) {
  here = channel;
  thread = "";
  tab = "messages";
  at("hint").classList.remove("wrong");
  opened();
  draw();
  at("text").focus();
}

function openThread(ts) {
  thread = ts;
  draw();
  at("reply").focus();
}

async function submit(box, threadTs) {
  const text = box.value.trim();
  if (!text) return;
  const command = text.match(/^\/(\w+)\s*([\s\S]*)$/);
  let answer;
  if (command && !threadTs) {
    answer = await send("command", { channel: here, name: `/${command[1]}`, text: command[2] });
  } else {
    answer = await send("say", { channel: here, text, thread_ts: threadTs });
  }
  if (!answer.ok) return;
  box.value = "";
  const channel = state.channels.find((one) => one.id === here);
  if (!threadTs && !channel.direct && !command && /@codecite\b/i.test(text)) thread = answer.result;
  await refresh();
}

function composer(form, box, threadTs) {
  at(form).addEventListener("submit", (event) => {
    event.preventDefault();
    submit(at(box), threadTs());
  });
  at(box).addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit(at(box), threadTs());
    }
  });
}

composer("composer", "text", () => "");
composer("reply-composer", "reply", () => thread);
at("thread-close").addEventListener("click", () => {
  thread = "";
  draw();
});
at("shortcut").addEventListener("click", () => send("shortcut", { callback_id: "code_a_note" }));
at("modal-form").addEventListener("submit", (event) => {
  event.preventDefault();
  send("submit", { values: entered(at("modal-form"), state.view) });
});
for (const id of ["modal-close", "modal-cancel"]) at(id).addEventListener("click", () => send("close", {}));
at("modal").addEventListener("cancel", (event) => {
  event.preventDefault();
  send("close", {});
});
function theme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  at("theme").textContent = dark ? "Light" : "Dark";
  at("theme").setAttribute("aria-pressed", String(dark));
}
at("theme").addEventListener("click", () => theme(document.documentElement.dataset.theme !== "dark"));
theme(new URLSearchParams(location.search).get("theme") === "dark" || matchMedia("(prefers-color-scheme: dark)").matches);
at("person").addEventListener("change", (event) => {
  person = event.target.value;
  here = "";
  thread = "";
  tab = "messages";
  refresh();
});
for (const button of at("tabs").children) {
  button.addEventListener("click", () => {
    tab = button.dataset.tab;
    opened();
    draw();
  });
}

await refresh();
const changes = new EventSource("/sandbox/changes");
let asked = false;
changes.addEventListener("message", async () => {
  if (asked) return;
  asked = true;
  await new Promise((resolve) => setTimeout(resolve, 30));
  asked = false;
  await refresh();
});
changes.addEventListener("error", () => {
  at("connection").textContent = "The demo has stopped";
  at("connection").classList.remove("on");
});
