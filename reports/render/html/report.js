// Filters the list of a report, lays out entries as they are looked for, and copies commands.
;(async () => {
  const CHUNK = 60
  const byId = id => document.getElementById(id)
  const list = byId('list')
  if (list === null) return
  const [form, text, profile, kind, status, more] = ['filter', 'text', 'profile', 'kind', 'status', 'more'].map(byId)
  const boxes = [...form.querySelectorAll('input[type=checkbox]')]
  const headings = JSON.parse(list.dataset.headings)
  const unpack = packed => {
    const bytes = Uint8Array.from(atob(packed), character => character.charCodeAt(0))
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).json()
  }
  const entries = await unpack(byId('entries').textContent)
  // The first entries stand in the page already, in the order of `entries`.
  const nodes = [...list.querySelectorAll(':scope > .entry, :scope > .row')]
  let matches = []
  let shown = 0

  const nodeOf = at => {
    if (nodes[at] === undefined) {
      const holder = document.createElement('template')
      holder.innerHTML = entries[at].html
      nodes[at] = holder.content.firstElementChild
    }
    dress(nodes[at])
    return nodes[at]
  }

  const heading = (name, words) => {
    const element = document.createElement(name)
    element.textContent = words
    return element
  }

  const showMore = () => {
    const fragment = document.createDocumentFragment()
    const until = Math.min(shown + CHUNK, matches.length)
    for (; shown < until; shown++) {
      const entry = entries[matches[shown]]
      const before = shown === 0 ? undefined : entries[matches[shown - 1]]
      if (before === undefined || before.verdict !== entry.verdict)
        fragment.append(heading('h3', headings[entry.verdict]))
      if (before === undefined || before.verdict !== entry.verdict || before.heading !== entry.heading)
        fragment.append(heading('h4', entry.heading))
      fragment.append(nodeOf(matches[shown]))
    }
    list.append(fragment)
    more.hidden = shown === matches.length
    more.textContent = `Show more (${(matches.length - shown).toLocaleString('en-US')} left)`
  }

  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean)
    const wanted = new Set(boxes.filter(one => one.checked).map(one => one.value))
    matches = []
    entries.forEach((entry, at) => {
      if (
        wanted.has(entry.verdict) &&
        (profile.value === '' || entry.group === profile.value) &&
        (kind.value === '' || entry.kind === kind.value) &&
        words.every(word => entry.text.includes(word))
      )
        matches.push(at)
    })
    shown = 0
    list.replaceChildren()
    if (matches.length === 0) {
      const nothing = heading('p', 'Nothing matches this filter.')
      nothing.className = 'empty'
      list.append(nothing)
    }
    showMore()
    status.textContent = `${matches.length.toLocaleString('en-US')} of ${entries.length.toLocaleString('en-US')} shown`
  }

  const dress = node => {
    if (node.dataset.dressed !== undefined) return
    node.dataset.dressed = ''
    for (const command of node.querySelectorAll('pre.command')) {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'copy'
      button.textContent = 'Copy'
      button.setAttribute('aria-label', `Copy the command ${command.previousElementSibling.textContent}`)
      button.addEventListener('click', () => copy(command, button))
      command.previousElementSibling.append(button)
    }
  }

  const copy = async (command, button) => {
    try {
      await navigator.clipboard.writeText(command.textContent)
      button.textContent = 'Copied'
      setTimeout(() => (button.textContent = 'Copy'), 1500)
    } catch {
      // Without permission the text is at least selected.
      getSelection().selectAllChildren(command)
    }
  }

  let timer
  text.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(apply, 80)
  })
  profile.addEventListener('change', apply)
  kind.addEventListener('change', apply)
  for (const box of boxes) box.addEventListener('change', apply)
  form.addEventListener('submit', event => event.preventDefault())
  more.addEventListener('click', showMore)
  for (const link of document.querySelectorAll('a[data-profile]')) {
    link.addEventListener('click', () => {
      profile.value = link.dataset.profile
      apply()
    })
  }
  for (const link of document.querySelectorAll('a[data-text]')) {
    link.addEventListener('click', () => {
      text.value = link.dataset.text
      kind.value = link.dataset.kind ?? ''
      profile.value = ''
      apply()
    })
  }
  // Paper has no button for more.
  addEventListener('beforeprint', () => {
    while (shown < matches.length) showMore()
  })
  new IntersectionObserver(seen => {
    if (seen.some(one => one.isIntersecting) && !more.hidden) showMore()
  }).observe(more)

  form.hidden = false
  apply()
  const first = list.querySelector('details.entry')
  if (first !== null) first.open = true
})()
