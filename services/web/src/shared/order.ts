/** Codes in the order in which people count: 2 before 10. */
export const naturally = new Intl.Collator('zh', { numeric: true }).compare
