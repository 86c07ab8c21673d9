'use strict';
// Filters, searches and groups the findings of the HTML report. The state of the filter is the
// page's fragment (#q=...&severity=high,low&category=cost&group=rule), so that it can be kept
// and sent as a link. Without this script the page shows all findings by file.
(() => {
  const form = document.getElementById('filter');
  const groups = document.getElementById('groups');
  const theme = document.getElementById('theme');

  // --- theme ---

  const system = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
  }

  function nameTheme() {
    theme.textContent = isDark() ? 'Light' : 'Dark';
    theme.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
  }

  // Where pages of files may store nothing, the choice lasts as long as the page.
  function stored(value) {
    try {
      if (value) localStorage.setItem('plumb-theme', value);
      return localStorage.getItem('plumb-theme');
    } catch {
      return null;
    }
  }

  const chosen = stored();
  if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;
  theme.hidden = false;
  nameTheme();
  system.addEventListener('change', nameTheme);
  theme.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    stored(root.dataset.theme);
    nameTheme();
  });

  if (!form) return;

  // --- findings, as the page has them ---

  const shown = document.getElementById('shown');
  const nothing = document.getElementById('nothing');
  const expand = document.getElementById('expand');
  const severities = ['critical', 'high', 'medium', 'low', 'info'];
  const findings = [];
  let blocks = []; // of the current grouping: {element, count, places: [{element, items}]}
  let grouping = '';

  function readPage() {
    for (const group of groups.children) {
      const file = group.querySelector('h3').textContent;
      const block = { element: group, count: group.querySelector('.count'), places: [] };
      for (const place of group.querySelectorAll(':scope > .place')) {
        const where = place.firstElementChild;
        const entry = { element: place, items: [] };
        for (const element of place.querySelectorAll(':scope > .f')) {
          const finding = { element, where, file, text: null, visible: true };
          findings.push(finding);
          entry.items.push(finding);
        }
        block.places.push(entry);
      }
      blocks.push(block);
    }
  }

  // What the search looks in; made when it is first needed.
  function textOf(finding) {
    if (finding.text === null) {
      const parts = [finding.where.textContent, finding.element.firstElementChild.textContent];
      finding.text = [finding.file, ...parts].join('\n').toLowerCase();
    }
    return finding.text;
  }

  function ruleOf(finding) {
    return finding.element.querySelector(':scope > summary code').textContent;
  }

  // --- grouping ---

  const keys = {
    '': (finding) => finding.file,
    severity: (finding) => finding.element.dataset.s,
    category: (finding) => finding.element.dataset.c,
    rule: ruleOf,
  };

  function newBlock(key) {
    const element = document.createElement('details');
    const summary = document.createElement('summary');
    const title = document.createElement('h3');
    const count = document.createElement('span');
    element.className = 'group';
    element.open = true;
    title.textContent = key;
    count.className = 'count';
    summary.append(title, ' ', count);
    element.append(summary);
    return { element, count, places: [] };
  }

  // A place's head is shared by what groups keep together, and copied where they do not.
  function newPlace(finding) {
    const element = document.createElement('div');
    const where = finding.where.cloneNode(true);
    const file = document.createElement('span');
    element.className = 'place';
    if (grouping) {
      file.className = 'file';
      file.textContent = finding.file;
      where.prepend(file);
    }
    element.append(where);
    return { element, where: finding.where, items: [] };
  }

  function inOrder(map) {
    if (grouping === 'severity') return severities.filter((name) => map.has(name));
    return grouping ? [...map.keys()].sort() : [...map.keys()];
  }

  function regroup() {
    const map = new Map();
    for (const finding of findings) {
      const key = keys[grouping](finding);
      if (!map.has(key)) map.set(key, newBlock(key));
      const block = map.get(key);
      let place = block.places.at(-1);
      if (!place || place.where !== finding.where) {
        place = newPlace(finding);
        block.places.push(place);
        block.element.append(place.element);
      }
      place.items.push(finding);
      place.element.append(finding.element);
    }
    blocks = inOrder(map).map((key) => map.get(key));
    if (!grouping) blocks.forEach((block, i) => { block.element.id = `file-${i + 1}`; });
    groups.replaceChildren(...blocks.map((block) => block.element));
  }

  // --- filter ---

  function chosenSeverities() {
    const boxes = form.querySelectorAll('[name=severity]:checked');
    return new Set([...boxes].map((box) => box.value));
  }

  function matcher() {
    const wanted = chosenSeverities();
    const category = form.elements.category.value;
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    return (finding) => {
      const data = finding.element.dataset;
      return (!wanted.size || wanted.has(data.s)) && (!category || data.c === category) &&
        (!words.length || words.every((word) => textOf(finding).includes(word)));
    };
  }

  function show(element, visible) {
    if (element.hidden === visible) element.hidden = !visible;
  }

  function apply() {
    const matches = matcher();
    let total = 0;
    if (form.elements.group.value !== grouping) {
      grouping = form.elements.group.value;
      regroup();
    }
    for (const block of blocks) {
      let count = 0;
      for (const place of block.places) {
        let here = 0;
        for (const finding of place.items) {
          finding.visible = matches(finding);
          show(finding.element, finding.visible);
          here += finding.visible;
        }
        show(place.element, here > 0);
        count += here;
      }
      show(block.element, count > 0);
      block.count.textContent = count.toLocaleString('en');
      total += count;
    }
    shown.textContent = total === findings.length ? total.toLocaleString('en')
      : `${total.toLocaleString('en')} of ${findings.length.toLocaleString('en')}`;
    show(nothing, total === 0);
  }

  // --- the state in the address ---

  function write() {
    const state = new URLSearchParams();
    const wanted = [...chosenSeverities()];
    if (form.elements.q.value) state.set('q', form.elements.q.value);
    if (wanted.length) state.set('severity', wanted.join(','));
    if (form.elements.category.value) state.set('category', form.elements.category.value);
    if (form.elements.group.value) state.set('group', form.elements.group.value);
    const text = state.toString().replaceAll('%2C', ',');
    history.replaceState(null, '', text ? `#${text}` : location.pathname + location.search);
  }

  // False for a fragment that names an element and not a state.
  function read() {
    const text = location.hash.slice(1);
    if (!text.includes('=')) return false;
    const state = new URLSearchParams(text);
    const wanted = (state.get('severity') || '').split(',');
    form.elements.q.value = state.get('q') || '';
    for (const box of form.querySelectorAll('[name=severity]')) {
      box.checked = wanted.includes(box.value);
    }
    form.elements.category.value = state.get('category') || '';
    form.elements.group.value = state.get('group') || '';
    if (form.elements.group.selectedIndex < 0) form.elements.group.value = '';
    if (form.elements.category.selectedIndex < 0) form.elements.category.value = '';
    apply();
    return true;
  }

  // What a link leads to is shown whatever the filter says.
  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target || !groups.contains(target)) return;
    if (target.closest('[hidden]')) {
      form.reset();
      apply();
    }
    if (target.matches('.f')) target.open = true;
    target.scrollIntoView();
  }

  function follow() {
    if (read()) document.getElementById('findings').scrollIntoView();
    else reveal();
  }

  // --- events ---

  let waiting = 0;

  function changed() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => { apply(); write(); });
  }

  readPage();
  form.hidden = false;
  form.addEventListener('input', changed);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => { apply(); write(); }));
  addEventListener('hashchange', follow);
  expand.addEventListener('click', () => {
    const open = expand.textContent === 'Open all';
    expand.textContent = open ? 'Close all' : 'Open all';
    for (const finding of findings) if (finding.visible) finding.element.open = open;
  });
  addEventListener('keydown', (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      form.elements.q.focus();
    }
  });
  follow();
})();
