// What Python rendered and escaped (page/html.py), shown as it is.

export function Fragment({ html }: { html: string }) {
  return <div className="dbw-told" dangerouslySetInnerHTML={{ __html: html }} />;
}
