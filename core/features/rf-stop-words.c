/* rf-stop-words.c
 *
 * A stop word is a function word: it joins or points, and stands in the text of any item. The lists are short on purpose: the
 * inverse document frequency takes care of the rest.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-stop-words.h"

#include <stdlib.h>
#include <string.h>

/* English and Chinese (simplified), in strcmp order. */
static const char *const stop_words[] = {
  "a", "about", "above", "after", "again", "against", "all", "almost", "also", "although", "am", "among", "an", "and",
  "another", "any", "anybody", "anyone", "anything", "are", "aren't", "around", "as", "at", "away", "be", "became",
  "because", "become", "becomes", "been", "before", "being", "below", "between", "both", "but", "by", "can", "can't",
  "cannot", "could", "couldn't", "did", "didn't", "do", "does", "doesn't", "doing", "don't", "done", "down", "during",
  "each", "either", "else", "ever", "every", "everyone", "everything", "few", "for", "from", "further", "had", "hadn't",
  "has", "hasn't", "have", "haven't", "having", "he", "he'd", "he'll", "he's", "her", "here", "here's", "hers", "herself",
  "him", "himself", "his", "how", "however", "i", "i'd", "i'll", "i'm", "i've", "if", "in", "instead", "into", "is", "isn't",
  "it", "it's", "its", "itself", "just", "least", "less", "let", "let's", "like", "many", "may", "maybe", "me", "might",
  "more", "most", "much", "must", "mustn't", "my", "myself", "neither", "no", "nobody", "none", "nor", "not", "nothing",
  "now", "of", "off", "often", "on", "once", "one", "only", "onto", "or", "other", "others", "our", "ours", "ourselves",
  "out", "over", "own", "per", "perhaps", "quite", "rather", "same", "shall", "she", "she'd", "she'll", "she's", "should",
  "shouldn't", "since", "so", "some", "somebody", "someone", "something", "still", "such", "than", "that", "that's", "the",
  "their", "theirs", "them", "themselves", "then", "there", "there's", "therefore", "these", "they", "they'd", "they'll",
  "they're", "they've", "this", "those", "though", "through", "thus", "to", "together", "too", "toward", "towards", "under",
  "until", "up", "upon", "us", "very", "was", "wasn't", "we", "we'd", "we'll", "we're", "we've", "were", "weren't", "what",
  "what's", "whatever", "when", "whenever", "where", "where's", "whether", "which", "while", "who", "who's", "whoever",
  "whole", "whom", "whose", "why", "will", "with", "within", "without", "won't", "would", "wouldn't", "yet", "you", "you'd",
  "you'll", "you're", "you've", "your", "yours", "yourself", "yourselves", "一", "一个", "一些", "一切", "一样", "一直", "一种", "上", "下",
  "不", "不是", "不管", "不过", "与", "个", "中", "为", "为了", "为什么", "么", "之", "之前", "之后", "也", "也是", "了", "于", "人", "什么", "从", "他",
  "他们", "以", "以上", "以下", "以前", "以及", "以后", "任何", "会", "但", "但是", "你", "你们", "关于", "其", "其中", "其他", "其它", "再", "几", "几乎", "则",
  "到", "前", "十分", "即", "即使", "去", "又", "及", "另", "另外", "只", "只是", "只有", "可以", "可是", "可能", "各", "同时", "后", "向", "吗", "吧", "呀",
  "呢", "和", "哦", "哪", "哪个", "哪里", "啊", "嗯", "因为", "在", "地", "多少", "太", "她", "她们", "如何", "如果", "它", "它们", "对", "对于", "将",
  "尤其", "就", "就是", "已", "已经", "并", "并且", "应该", "往", "很", "得", "必须", "怎么", "怎样", "想", "我", "我们", "或", "或者", "所以", "所有", "才",
  "把", "无", "无论", "时", "时候", "是", "更", "曾", "曾经", "最", "有", "本", "来", "某", "正", "正在", "此", "每", "比", "比较", "没", "没有", "然而",
  "特别", "甚至", "由", "由于", "的", "看", "着", "等", "等等", "给", "而", "而且", "能", "能够", "自己", "若", "虽然", "被", "要", "让", "该", "说", "谁",
  "过", "还", "还是", "还有", "这", "这个", "这些", "这样", "这里", "那", "那个", "那些", "那样", "那里", "都", "都是", "里", "需要", "非", "非常",
};

static int
compare_words (const void *a, const void *b)
{
  return strcmp (a, *(const char *const *) b);
}

gboolean
rf_is_stop_word (const char *word)
{
  return bsearch (word, stop_words, G_N_ELEMENTS (stop_words), sizeof *stop_words, compare_words) != NULL;
}

const char *const *
rf_stop_words_get_all (gsize *n)
{
  *n = G_N_ELEMENTS (stop_words);
  return stop_words;
}
