"""The Hub's words: which tag is a task, a library, a language, a format of a quantisation, or plumbing."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _table(pairs: str, separator: str | None) -> dict[str, str]:
    """ "a=b" pairs as a dict."""
    halves = (pair.strip().partition("=") for pair in pairs.split(separator))
    return {key: value for key, _, value in halves}


TASKS = words(
    """
    text-classification token-classification table-question-answering question-answering zero-shot-classification
    translation summarization feature-extraction text-generation text2text-generation fill-mask sentence-similarity
    text-ranking text-to-speech text-to-audio automatic-speech-recognition audio-to-audio audio-classification
    audio-text-to-text voice-activity-detection depth-estimation image-classification object-detection
    image-segmentation text-to-image image-to-text image-to-image image-to-video unconditional-image-generation
    video-classification reinforcement-learning robotics tabular-classification tabular-regression tabular-to-text
    table-to-text multiple-choice text-retrieval time-series-forecasting text-to-video image-text-to-text
    image-text-to-image image-text-to-video visual-question-answering document-question-answering
    zero-shot-image-classification graph-ml mask-generation zero-shot-object-detection text-to-3d image-to-3d
    image-feature-extraction video-text-to-text video-to-video keypoint-detection visual-document-retrieval any-to-any
    """
)

_LIBRARIES = """
    sentence-transformers setfit span-marker peft adapter-transformers diffusers timm spacy flair stable-baselines3
    ml-agents sample-factory cleanrl sklearn fastai espnet speechbrain nemo pyannote-audio open_clip bertopic fasttext
    stanza allennlp asteroid fairseq keras tf-keras ultralytics yolov5 gliner paddlenlp paddlepaddle mindspore mlx
    transformers.js ctranslate2 mlc-llm scvi-tools tensorflowtts k2 pythae doctr big_vision skops transformers
    pytorch tensorflow jax onnx gguf
    """
#: Library tags, the most telling first: a model without `library_name` uses the first of these among its tags.
LIBRARIES: tuple[str, ...] = tuple(_LIBRARIES.split())

#: Tags that say how the Hub serves a model, not what it is.
PLUMBING = words(
    """
    endpoints_compatible autotrain_compatible text-generation-inference text-embeddings-inference has_space
    model-index eval-results co2_eq_emissions custom_code tensorboard model_hub_mixin pytorch_model_hub_mixin
    infinity_compatible unk region deploy
    """
)
#: `arxiv:1910.09700` is the emissions calculator that every card made from the Hub's template cites.
PLUMBING_PREFIXES = ("region:", "deploy:", "doi:", "dataset_size:", "template:", "co2:", "arxiv:1910.09700")

#: Names of loaders that stand where a dataset's id should.
NO_DATASETS = words(
    """
    imagefolder image_folder audiofolder videofolder generator json csv text arrow parquet pandas custom unknown
    original updated - datasets dataset
    """
)

#: A tag, or a part of a name, that says the weights are stored with fewer bits.
QUANTIZED_TAGS = words("gguf ggml gptq awq exl2 exl3 hqq aqlm quip imatrix llama-cpp gguf-my-repo")
#: These are also set on models that were fine-tuned while loaded with fewer bits.
QUANTIZED_HINTS = words("2-bit 3-bit 4-bit 5-bit 6-bit 8-bit bitsandbytes bnb quantized compressed-tensors")
TRAINING_TAGS = words(
    "trl sft dpo orpo kto grpo generated_from_trainer unsloth peft lora axolotl llama-factory autotrain"
)
ADAPTER_TAGS = words("peft lora adapter-transformers qlora dora adapterhub")
MERGE_TAGS = words("merge mergekit lazymergekit mergedlm automerger frankenmerge")

#: Language code → English name.
LANGUAGES: dict[str, str] = _table(
    """
    aa=Afar, ab=Abkhazian, af=Afrikaans, ak=Akan, am=Amharic, an=Aragonese, ar=Arabic, as=Assamese, av=Avaric,
    ay=Aymara, az=Azerbaijani, ba=Bashkir, be=Belarusian, bg=Bulgarian, bh=Bihari, bi=Bislama, bm=Bambara, bn=Bengali,
    bo=Tibetan, br=Breton, bs=Bosnian, ca=Catalan, ce=Chechen, ch=Chamorro, co=Corsican, cr=Cree, cs=Czech, cv=Chuvash,
    cy=Welsh, da=Danish, de=German, dv=Divehi, dz=Dzongkha, ee=Ewe, el=Greek, en=English, eo=Esperanto, es=Spanish,
    et=Estonian, eu=Basque, fa=Persian, ff=Fulah, fi=Finnish, fj=Fijian, fo=Faroese, fr=French, fy=Western Frisian,
    ga=Irish, gd=Scottish Gaelic, gl=Galician, gn=Guarani, gu=Gujarati, gv=Manx, ha=Hausa, he=Hebrew, hi=Hindi,
    hr=Croatian, ht=Haitian Creole, hu=Hungarian, hy=Armenian, ia=Interlingua, id=Indonesian, ig=Igbo, io=Ido,
    is=Icelandic, it=Italian, iu=Inuktitut, ja=Japanese, jv=Javanese, ka=Georgian, kg=Kongo, ki=Kikuyu, kk=Kazakh,
    kl=Greenlandic, km=Khmer, kn=Kannada, ko=Korean, ks=Kashmiri, ku=Kurdish, kv=Komi, kw=Cornish, ky=Kyrgyz, la=Latin,
    lb=Luxembourgish, lg=Ganda, li=Limburgish, ln=Lingala, lo=Lao, lt=Lithuanian, lv=Latvian, mg=Malagasy, mi=Maori,
    mk=Macedonian, ml=Malayalam, mn=Mongolian, mr=Marathi, ms=Malay, mt=Maltese, my=Burmese, nb=Norwegian Bokmål,
    ne=Nepali, nl=Dutch, nn=Norwegian Nynorsk, no=Norwegian, nv=Navajo, ny=Chichewa, oc=Occitan, om=Oromo, or=Odia,
    os=Ossetian, pa=Punjabi, pl=Polish, ps=Pashto, pt=Portuguese, qu=Quechua, rm=Romansh, rn=Kirundi, ro=Romanian,
    ru=Russian, rw=Kinyarwanda, sa=Sanskrit, sc=Sardinian, sd=Sindhi, se=Northern Sami, sg=Sango, si=Sinhala, sk=Slovak,
    sl=Slovenian, sm=Samoan, sn=Shona, so=Somali, sq=Albanian, sr=Serbian, ss=Swati, st=Southern Sotho, su=Sundanese,
    sv=Swedish, sw=Swahili, ta=Tamil, te=Telugu, tg=Tajik, th=Thai, ti=Tigrinya, tk=Turkmen, tl=Tagalog, tn=Tswana,
    to=Tonga, tr=Turkish, ts=Tsonga, tt=Tatar, tw=Twi, ty=Tahitian, ug=Uyghur, uk=Ukrainian, ur=Urdu, uz=Uzbek,
    ve=Venda, vi=Vietnamese, wa=Walloon, wo=Wolof, xh=Xhosa, yi=Yiddish, yo=Yoruba, za=Zhuang, zh=Chinese, zu=Zulu,
    als=Alemannic, arz=Egyptian Arabic, ast=Asturian, awa=Awadhi, bho=Bhojpuri, ceb=Cebuano, ckb=Central Kurdish,
    fil=Filipino, fon=Fon, haw=Hawaiian, hmn=Hmong, hsb=Upper Sorbian, ilo=Iloko, kab=Kabyle, lus=Mizo, mai=Maithili,
    mni=Manipuri, nds=Low German, nso=Northern Sotho, pap=Papiamento, pcm=Nigerian Pidgin, sah=Yakut, sco=Scots,
    war=Waray, yue=Cantonese, multilingual=Multilingual, code=Code, cu=Church Slavonic, ho=Hiri Motu,
    hz=Herero, ie=Interlingue, ii=Sichuan Yi, ik=Inupiaq, kj=Kuanyama, lu=Luba-Katanga, mh=Marshallese, na=Nauru,
    nd=North Ndebele, ng=Ndonga, nr=South Ndebele, oj=Ojibwe, pi=Pali, sh=Serbo-Croatian, vo=Volapük, ace=Acehnese,
    acm=Mesopotamian Arabic, aeb=Tunisian Arabic, apc=Levantine Arabic, ary=Moroccan Arabic, ars=Najdi Arabic,
    azb=South Azerbaijani, ban=Balinese, bcl=Central Bikol, bem=Bemba, bjn=Banjar, bug=Buginese, crh=Crimean Tatar,
    dsb=Lower Sorbian, dyu=Dyula, frp=Franco-Provençal, frr=Northern Frisian, fur=Friulian, gom=Goan Konkani,
    grc=Ancient Greek, gsw=Swiss German, hif=Fiji Hindi, hil=Hiligaynon, hne=Chhattisgarhi, kac=Jingpho, kam=Kamba,
    kbp=Kabiyè, kea=Kabuverdianu, kmb=Kimbundu, kmr=Northern Kurdish, kok=Konkani, lij=Ligurian, lmo=Lombard,
    ltg=Latgalian, lua=Luba-Lulua, luo=Luo, lzh=Literary Chinese, mag=Magahi, min=Minangkabau, mos=Mossi, nan=Min Nan,
    nap=Neapolitan, new=Newari, nus=Nuer, pag=Pangasinan, pam=Kapampangan, pms=Piedmontese, pnb=Western Punjabi,
    prs=Dari, quy=Ayacucho Quechua, rom=Romani, sat=Santali, scn=Sicilian, shn=Shan, srn=Sranan Tongo, szl=Silesian,
    taq=Tamasheq, tet=Tetum, tpi=Tok Pisin, tum=Tumbuka, tzm=Central Atlas Tamazight, udm=Udmurt, umb=Umbundu,
    vec=Venetian, wuu=Wu Chinese
    """,
    ",",
)

#: Other spellings of a language's code.
LANGUAGE_CODES: dict[str, str] = _table(
    """
    eng=en deu=de ger=de fra=fr fre=fr spa=es ita=it por=pt nld=nl dut=nl rus=ru zho=zh chi=zh cmn=zh jpn=ja kor=ko
    ara=ar arb=ar hin=hi ben=bn urd=ur tam=ta tel=te mar=mr guj=gu pan=pa tur=tr pol=pl ukr=uk ces=cs cze=cs slk=sk
    ron=ro rum=ro hun=hu bul=bg ell=el gre=el heb=he iw=he fas=fa per=fa swe=sv dan=da fin=fi nob=nb nno=nn nor=no
    isl=is est=et lav=lv lit=lt hrv=hr srp=sr bos=bs slv=sl mkd=mk sqi=sq cat=ca eus=eu glg=gl gle=ga cym=cy vie=vi
    tha=th ind=id msa=ms tgl=tl swa=sw hau=ha yor=yo ibo=ig zul=zu afr=af amh=am som=so khm=km mya=my lao=lo kaz=kk
    uzb=uz aze=az kat=ka hye=hy mon=mn nep=ne sin=si mal=ml kan=kn lat=la epo=eo jp=ja cn=zh kr=ko ua=uk cz=cs gr=el
    in=id jw=jv mlt=mt gla=gd bel=be ltz=lb tgk=tg kir=ky orm=om gaz=om pus=ps pbt=ps snd=sd smo=sm yid=yi ydd=yi
    tat=tt uig=ug kur=ku lin=ln asm=as san=sa fao=fo bre=br oci=oc grn=gn que=qu aym=ay ayr=ay twi=tw aka=ak ewe=ee
    lug=lg wol=wo bam=bm tsn=tn tso=ts ssw=ss ven=ve sna=sn nya=ny xho=xh sot=st kin=rw run=rn jav=jv sun=su hat=ht
    fry=fy mlg=mg plt=mg bod=bo tib=bo dzo=dz ory=or ori=or npi=ne azj=az pes=fa swh=sw zsm=ms may=ms uzn=uz khk=mn
    lvs=lv ekk=et fuv=ff ful=ff baq=eu wel=cy ice=is alb=sq mac=mk arm=hy geo=ka bur=my div=dv tir=ti mri=mi mao=mi
    fij=fj ton=to tah=ty glv=gv cor=kw cos=co roh=rm srd=sc sme=se bak=ba chv=cv che=ce abk=ab oss=os kom=kv kas=ks
    bih=bh sag=sg kik=ki kon=kg iku=iu kal=kl nav=nv ina=ia ido=io vol=vo mul=multilingual
    """,
    None,
)

#: Codes that mean something else on a model for images.
NO_LANGUAGE_FOR_IMAGES = frozenset({"sd"})

#: English names of languages that no other entry gives.
LANGUAGE_NAMES: dict[str, str] = _table(
    """
    farsi=fa, mandarin=zh, mandarin chinese=zh, simplified chinese=zh, traditional chinese=zh, castilian=es,
    brazilian portuguese=pt, brazilian=pt, flemish=nl, bangla=bn, panjabi=pa, oriya=or, sinhalese=si, kiswahili=sw,
    isixhosa=xh, isizulu=zu, setswana=tn, sesotho=st, sepedi=nso, pilipino=fil, gaelic=gd, irish gaelic=ga,
    modern greek=el, norwegian bokmal=nb, bokmål=nb, bokmal=nb, nynorsk=nn, luganda=lg, myanmar=my, kirghiz=ky,
    uighur=ug, moldovan=ro, valencian=ca, haitian=ht, modern standard arabic=ar, slovene=sl, frisian=fy, kurmanji=kmr,
    sorani=ckb, deutsch=de, français=fr, español=es, multi-lingual=multilingual, multi=multilingual
    """,
    ",",
)

#: Codes that are only believed where a card names them as a language: as a plain tag they are other words, too.
CARD_ONLY = words(
    """
    in cn kr ua cz gr jp per nor ind lat mal kan spa est tam mar ace ban mag min new pag sat una mos ho na ng pi ie ii
    nd sh vo ik cu nr rom nan nap lij tum vec bug kam mac may ice run sun ton cor sag kin ful san asm kas aka div che
    kon lin orm pus ven bel mul multi mri que rom tet sot ewe ido kom geo arm fry luo brazilian gaelic haitian hat
    bak cos nav fur lua acm swa oss kal ina sme lzh pam alb
    """
)
