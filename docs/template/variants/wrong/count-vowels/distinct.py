# every vowel counts once
def count_vowels(text):
    return len(set(text.lower()) & set("aeiou"))
