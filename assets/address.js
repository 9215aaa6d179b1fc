// The address bar. What a page shows when it is opened completes the entry that is there: another one
// would have to be gone back through. What is changed over the line adds an entry.

// The version in this file's address goes on to the files that it needs.
const beside = (name) => Object.assign(new URL(name, import.meta.url), { search: new URL(import.meta.url).search });
const { listen } = await import(beside("line.js"));

const known = (window.lossvizAddress ??= { arrival: null, change: 0 });
let silence = () => {};

// The same address with another query; what is not part of ours stays.
function replaced(query, keys) {
  const here = new URL(window.location.href);
  for (const key of keys) here.searchParams.delete(key);
  here.search = [query, here.search.slice(1)].filter(Boolean).join("&");
  return here;
}

const at = (page) => {
  const { pathname } = window.location;
  return page ? pathname.split("/").filter(Boolean).pop() === page : pathname.endsWith("/");
};

export default function address({ data, parentElement }) {
  const { page, keys, query, arrival } = data;
  const box = parentElement.closest("[data-testid=stElementContainer]");
  if (box) box.style.position = "absolute"; // It takes no room.
  let looks = 0;
  const look = () => {
    if (known.arrival === arrival) return;
    if (!at(page)) {
      if (looks++ < 50) setTimeout(look, 20);
      return;
    }
    known.arrival = arrival;
    const here = new URL(window.location.href);
    if (!keys.some((key) => here.searchParams.has(key))) history.replaceState(history.state, "", replaced(query, keys));
  };
  look();
  silence();
  silence = listen("address", (change) => {
    if (change.number <= known.change || !at(change.page)) return;
    known.change = change.number;
    history.pushState({}, "", replaced(change.query, keys));
  });
  return silence;
}
