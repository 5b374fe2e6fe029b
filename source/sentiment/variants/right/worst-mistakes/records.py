# Dictionaries of rows, sorted by Python, and a frame again.
def worst_mistakes(df, n=5):
    rows = [(index, row) for index, row in zip(df.index, df.to_dict("records")) if row["label"] != row["prediction"]]
    rows.sort(key=lambda pair: pair[1]["score"], reverse=True)
    rows = rows[:n]
    out = pd.DataFrame([row for _, row in rows], index=[index for index, _ in rows], columns=df.columns)
    return out.astype(df.dtypes)
