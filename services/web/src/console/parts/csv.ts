/** A table as a CSV file that Excel opens as it is: with a byte order mark, and no cell read as a formula. */
export function saveCsv(name: string, table: readonly (readonly string[])[]): void {
  const text = table.map((row) => row.map(cell).join(',')).join('\r\n')
  save(`${name}.csv`, new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }))
}

export function save(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

function cell(text: string): string {
  const inert = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
