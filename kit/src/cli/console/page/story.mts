/** The right side: what `why` has to say of a delivery, a person or a document; asked for again while it may change. */
import type { Report } from '../source.js';
import { byId, el, icon } from './elements.mjs';
import { ask } from './live.mjs';
import { reportParts, startParts } from './report.mjs';
import { SINCE, type Route } from './route.mjs';

/** A story that is not over is asked for again after this, though nobody says that it changed. */
const AGAIN_MS = 4_000;

export class StoryView {
  private readonly panel = byId('story');
  private route: Route = { view: 'start' };
  private asking: AbortController | undefined;
  private timer: number | undefined;
  /** What is drawn, so that what did not change is left alone. */
  private drawn = '';

  /** Shows what the address asks for. */
  show(route: Route): void {
    this.route = route;
    this.stop();
    this.drawn = '';
    this.panel.scrollTop = 0;
    if (route.view === 'start') return this.panel.replaceChildren(...startParts());
    this.panel.replaceChildren(backLink(), el('p', { class: 'quiet' }, 'Reading…'));
    void this.read();
  }

  /** Something became of this delivery. */
  refresh(id: string): void {
    if (this.route.view === 'delivery' && this.route.value === id) void this.read();
  }

  private stop(): void {
    this.asking?.abort();
    window.clearTimeout(this.timer);
  }

  private async read(): Promise<void> {
    this.stop();
    const { route } = this;
    if (route.view === 'start') return;
    const asking = new AbortController();
    this.asking = asking;
    try {
      const report = await ask<Report>(`/api/report?${queryOf(route)}`, asking.signal);
      if (asking.signal.aborted) return;
      this.draw(route, report);
      if (report.stories.some(({ state }) => state === 'under-way')) this.again();
    } catch (error) {
      if (asking.signal.aborted) return;
      const words = error instanceof Error ? error.message : String(error);
      this.drawn = '';
      this.panel.replaceChildren(backLink(), el('p', { class: 'answer' }, words));
      this.again();
    }
  }

  private draw(route: Route, report: Report): void {
    const text = JSON.stringify(report);
    if (text === this.drawn) return;
    this.drawn = text;
    // What was unfolded by hand stays so.
    const open = [...this.panel.querySelectorAll('details')].map((details) => details.open);
    this.panel.replaceChildren(backLink(), ...reportParts(route, report));
    this.panel.querySelectorAll('details').forEach((details, index) => {
      details.open = open[index] ?? details.open;
    });
  }

  private again(): void {
    this.timer = window.setTimeout(() => {
      // Where nobody sees it, it would cost reads.
      if (document.hidden) this.again();
      else void this.read();
    }, AGAIN_MS);
  }
}

function queryOf(route: Exclude<Route, { view: 'start' }>): string {
  const within = 'since' in route ? { within: String(SINCE[route.since].ms) } : {};
  return new URLSearchParams({ [route.view]: route.value, ...within }).toString();
}

/** Where there is room for one of both only: back to the list. */
function backLink(): HTMLElement {
  return el('a', { class: 'back', href: '#/' }, icon('back'), 'Deliveries');
}
