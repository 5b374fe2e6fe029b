# Mistake: an empty frame without columns where there is no mistake.
def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    rows = [row for _, row in wrong.sort_values("score", ascending=False, kind="stable").head(n).iterrows()]
    return wrong.loc[[row.name for row in rows]] if rows else pd.DataFrame(rows)
