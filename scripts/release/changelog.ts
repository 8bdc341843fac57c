/** Whether a changelog fits the version that is to be published; pure. */

/** Semantic Versioning, with pre-releases. */
const VERSION = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/;
const HEADING = /^## (.+)$/gm;

/**
 * What is in the way of a release; nothing if it can go out.
 *
 * @param changelog in the format of Keep a Changelog: `## Unreleased`, then `## 1.2.3 - 2026-01-31`.
 */
export function changelogProblems(changelog: string, version: string): string[] {
  if (!VERSION.test(version)) return [`Expected a version such as 1.2.3, got "${version}".`];
  const problems: string[] = [];
  const sections = sectionsOf(changelog);
  if ((sections.get('Unreleased') ?? '') !== '') {
    problems.push(
      'The changelog has unreleased entries: choose the next version, and put them below "## <version> - <date>".',
    );
  }
  const heading = [...sections.keys()].find((each) => each.split(' ')[0] === version);
  if (heading === undefined) {
    problems.push(`The changelog has no section "## ${version} - <date>".`);
  } else {
    const date = heading.slice(version.length + ' - '.length);
    if (heading !== `${version} - ${date}` || !isDate(date)) {
      problems.push(
        `Expected "## ${version} - <date>" with a date such as 2026-01-31, got "## ${heading}".`,
      );
    }
    if (sections.get(heading) === '') problems.push(`The section of ${version} says nothing.`);
  }
  return problems;
}

/** By heading, what stands below it. */
function sectionsOf(changelog: string): ReadonlyMap<string, string> {
  const headings = [...changelog.matchAll(HEADING)];
  return new Map(
    headings.map(({ index, 0: line, 1: heading = '' }, at) => [
      heading.trim(),
      changelog.slice(index + line.length, headings[at + 1]?.index).trim(),
    ]),
  );
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
