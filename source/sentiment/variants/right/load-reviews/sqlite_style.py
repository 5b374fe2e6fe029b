# SQL in memory.
import sqlite3


def load_reviews(path):
    rows = pd.read_csv(path, dtype=str)
    con = sqlite3.connect(":memory:")
    rows.to_sql("r", con, index=False)
    q = "select text, cast(label as integer) as label from r where text is not null and trim(text, ' ' || char(9) || char(10)) <> '' and label in ('0','1') order by rowid"
    return pd.read_sql(q, con)
