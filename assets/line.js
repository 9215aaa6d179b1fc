// The line to the server: what moves on a page comes over it, and what is pressed goes back. One for
// each browser tab; a page's own components listen to it and send by it.

const TAKEN_OVER = 4001, UNKNOWN = 4004;
const SOONEST = 250, LATEST = 4000; // Milliseconds before it is tried again.
const PATIENCE = 5000;

// What a worker has to say is one compressed stream; a message ends with a line break.
class Stream {
  async text(bytes) {
    if (bytes[0]) this.begin();
    this.writer.write(bytes.subarray(1)).catch(() => {}); // What cannot be read fails below.
    let text = "";
    while (!text.endsWith("\n")) {
      const { value, done } = await this.piece();
      if (done) throw new Error("a message broke off");
      text += value;
    }
    return text.trim() || "{}";
  }

  // All of a message is there at once; what does not come was damaged.
  async piece() {
    let waiting;
    const late = new Promise((_, refuse) => (waiting = setTimeout(() => refuse(new Error("a message broke off")), PATIENCE)));
    try {
      return await Promise.race([this.reader.read(), late]);
    } finally {
      clearTimeout(waiting);
    }
  }

  begin() {
    const inflated = new DecompressionStream("deflate-raw");
    this.writer = inflated.writable.getWriter();
    this.reader = inflated.readable.pipeThrough(new TextDecoderStream()).getReader();
  }
}

class Line {
  constructor() {
    this.latest = new Map();
    this.listeners = new Map();
    this.unconfirmed = [];
    this.unread = [];
    this.number = 0;
  }

  // Another token is another session: nothing that was said before holds for it.
  open(token) {
    if (token === this.token) return;
    this.token = token;
    this.latest.clear();
    this.unconfirmed = [];
    this.number = 0;
    this.socket?.close();
    this.wait = SOONEST;
    this.listeners.get("session")?.forEach((listener) => listener(token));
    this.connect();
  }

  connect() {
    clearTimeout(this.again);
    const address = new URL(`live/${this.token}`, document.baseURI);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = (this.socket = new WebSocket(address));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.wait = SOONEST;
      for (const command of this.unconfirmed) socket.send(JSON.stringify(command));
      this.tell("line", { open: true });
    };
    // One after the other: what is said after a frame is about what that has shown.
    let turn = Promise.resolve();
    const stream = new Stream();
    socket.onmessage = ({ data }) => {
      turn = turn.then(() => (typeof data === "string" ? data : stream.text(new Uint8Array(data)))).then((text) => {
        if (socket === this.socket) this.take(JSON.parse(text));
      }).catch((error) => {
        console.error(error);
        socket.close(); // What was missed comes again in full.
      });
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.socket) return;
      this.tell("line", { open: false, elsewhere: code === TAKEN_OVER });
      if (code === TAKEN_OVER || code === UNKNOWN) return;
      this.again = setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(2 * this.wait, LATEST);
    };
  }

  take({ charts, say = {}, wake = {} }) {
    if (charts && this.read) this.read(charts);
    else if (charts) this.unread.push(charts);
    if ("done" in say) {
      this.number = Math.max(this.number, say.done);
      this.unconfirmed = this.unconfirmed.filter(({ n }) => n > say.done);
    }
    for (const topic in say) this.tell(topic, say[topic]);
    for (const topic in wake) this.tell(`wake/${topic}`, wake[topic]);
  }

  tell(topic, value) {
    this.latest.set(topic, value);
    this.listeners.get(topic)?.forEach((listener) => listener(value));
  }

  // Of a weight that is dragged while nobody listens only the last position is kept.
  send(command) {
    const numbered = { n: ++this.number, ...command };
    const same = ({ do: what, run, k }) => what === "weigh" && command.do === "weigh" && run === command.run && k === command.k;
    const open = this.socket?.readyState === WebSocket.OPEN;
    if (!open) this.unconfirmed = this.unconfirmed.filter((waiting) => !same(waiting));
    this.unconfirmed.push(numbered);
    if (open) this.socket.send(JSON.stringify(numbered));
    return numbered.n;
  }

  listen(topic, listener) {
    if (!this.listeners.has(topic)) this.listeners.set(topic, new Set());
    this.listeners.get(topic).add(listener);
    if (this.latest.has(topic)) listener(this.latest.get(topic));
    return () => this.listeners.get(topic).delete(listener);
  }
}

const line = (window.lossvizLine ??= new Line());

export function send(command) {
  return line.send(command);
}

export function listen(topic, listener) {
  return line.listen(topic, listener);
}

// Of charts there is one reader; what comes before it is there is read then.
export function read(reader) {
  line.read = reader;
  line.unread.splice(0).forEach(reader);
}

// What Streamlit is asked for between a click on a link and the page that it leads to brings the old
// page back, or half of the new one; and what it is asked for where a run ends costs that run its end.
// So a part is woken once nothing is under way.
// The end of a run may be lost as well, and a link may lead nowhere: neither is waited for for ever.
const LOOK = 40, RUN = 5000, LINK = 30_000; // Milliseconds
const woken = new Map();
let leaving = null, looking = null, since = null;

function still() {
  const there = !leaving || leaving.path === location.pathname || performance.now() > leaving.until;
  if (there) leaving = null;
  const app = document.querySelector("[data-test-script-state]");
  const running = app && app.dataset.testScriptState !== "notRunning";
  since = running && woken.size ? since ?? performance.now() : null;
  return there && (!running || performance.now() - since > RUN);
}

function wakeOnceStill() {
  clearTimeout(looking);
  if (!still()) return void (looking = setTimeout(wakeOnceStill, LOOK));
  const acts = [...woken.values()];
  woken.clear();
  since = null;
  acts.forEach((act) => act());
}

function leave({ target, ctrlKey, metaKey, shiftKey }) {
  const link = target.closest?.("a[href]");
  if (!link || link.target || link.origin !== location.origin || ctrlKey || metaKey || shiftKey) return;
  leaving = { path: link.pathname, until: performance.now() + LINK };
  wakeOnceStill();
}

// Every version of this file would listen.
if (!line.leave) addEventListener("click", (line.leave = leave), true);

const silences = new WeakMap();

// The component that opens it, and wakes a part of the page once that would show something else. It
// is called again after each drawing of that part, with the number of the drawing.
export default function wake({ data: { token, topic, number }, parentElement, setTriggerValue }) {
  line.open(token);
  silences.get(parentElement)?.();
  if (!topic) return null;
  const quiet = listen(`wake/${topic}`, (outdated) => {
    if (outdated < number) return;
    woken.set(parentElement, () => setTriggerValue("again", outdated));
    wakeOnceStill();
  });
  const silence = () => {
    quiet();
    woken.delete(parentElement);
  };
  silences.set(parentElement, silence);
  return silence;
}
