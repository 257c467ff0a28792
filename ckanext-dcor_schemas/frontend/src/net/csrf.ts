// CKAN's token against forged requests: in the page, and renewed from a page loaded again.

export function pageToken(from: Document = document): string {
  const field = content(from, "csrf_field_name") ?? "_csrf_token";
  return content(from, field) ?? "";
}

/** Load the page again, take its token and keep it for the requests to come. */
export async function freshToken(): Promise<string> {
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = pageToken(page);
  const field = content(document, "csrf_field_name") ?? "_csrf_token";
  find(document, field)?.setAttribute("content", token);
  return token;
}

function content(page: Document, name: string): string | null {
  return find(page, name)?.getAttribute("content") ?? null;
}

function find(page: Document, name: string): Element | null {
  return page.querySelector(`meta[name="${CSS.escape(name)}"]`);
}
